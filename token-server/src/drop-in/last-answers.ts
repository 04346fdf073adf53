import { sha256Hex } from '@zhongkong/shared';
import type { SharedMemory } from './shared-memory.js';

interface LastAnswer {
  readonly version: number;
  readonly keepUntilMs: number;
}

/** Evicting an entry only delays healing once. */
const REMEMBERED_MAX = 10_000;

/**
 * What callers of the drop-in paths got last, from this server or another. A caller that asks again before the time that
 * it may keep its token has most likely had a call fail; it has no other way to say so.
 */
export class LastAnswers {
  readonly #shared: SharedMemory;
  readonly #latest = new Map<string, LastAnswer>();

  constructor(shared: SharedMemory) {
    this.#shared = shared;
  }

  /** Whether this caller has no other reason to ask again for this version than that it failed. */
  async isEarly(caller: string, version: number, nowMs: number): Promise<boolean> {
    const isOf = (last: LastAnswer | undefined) => last?.version === version && nowMs < last.keepUntilMs;
    return isOf(this.#latest.get(caller)) || isOf(parse(await this.#shared.get(keyOf(caller))));
  }

  note(caller: string, last: LastAnswer, nowMs: number): void {
    this.#shared.set(
      keyOf(caller),
      `${last.version} ${Math.round(last.keepUntilMs)}`,
      last.keepUntilMs - nowMs,
    );
    // Put last, so that the first is the one that has not asked for longest.
    this.#latest.delete(caller);
    this.#latest.set(caller, last);
    if (this.#latest.size <= REMEMBERED_MAX) return;
    const [oldest] = this.#latest.keys();
    if (oldest !== undefined) this.#latest.delete(oldest);
  }
}

function keyOf(caller: string): string {
  return `last-answer:${sha256Hex(caller)}`;
}

function parse(text: string | null): LastAnswer | undefined {
  const [, version, keepUntilMs] = /^(\d{1,15}) (\d{1,15})$/.exec(text ?? '') ?? [];
  return version === undefined ? undefined : { version: Number(version), keepUntilMs: Number(keepUntilMs) };
}
