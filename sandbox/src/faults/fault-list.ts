import type { Fault } from './fault.js';

/** The faults that wait for their calls, in the order in which they were added. */
export class FaultList {
  #nextId = 1;
  #pending: { id: number; fault: Fault; left: number }[] = [];

  add(fault: Fault): number {
    const id = this.#nextId++;
    const forever = fault.times === 0 || fault.times === 'forever';
    this.#pending.push({ id, fault, left: forever ? Number.POSITIVE_INFINITY : Number(fault.times) });
    return id;
  }

  /** The first fault that fits the call; one of its times is used up. */
  take(path: string, appId: string | undefined): Fault | undefined {
    const hit = this.#pending.find(({ fault }) => fits(fault, path, appId));
    if (!hit) return undefined;
    hit.left -= 1;
    if (hit.left === 0) this.#pending.splice(this.#pending.indexOf(hit), 1);
    return hit.fault;
  }

  /** Clears one fault, or all. Returns how many there were. */
  clear(id?: number): number {
    const kept = id === undefined ? [] : this.#pending.filter((entry) => entry.id !== id);
    const cleared = this.#pending.length - kept.length;
    this.#pending = kept;
    return cleared;
  }
}

function fits(fault: Fault, path: string, appId: string | undefined): boolean {
  if (fault.appId !== undefined && fault.appId !== appId) return false;
  if (fault.path === undefined) return true;
  return fault.path.endsWith('*') ? path.startsWith(fault.path.slice(0, -1)) : path === fault.path;
}
