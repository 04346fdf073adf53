/** Who was given what, and until when that one was told to keep it. */
interface Handout {
  readonly version: number;
  readonly keepUntilMs: number;
}

/** A bound for what is remembered; whoever is forgotten is only believed a little later. */
const REMEMBERED_MAX = 10_000;

/**
 * What SDKs that know nothing of us were given. One that comes back before the time it was told has most likely had a
 * call fail; it has no other way to say so.
 */
export class Handouts {
  readonly #latest = new Map<string, Handout>();

  /** Whether this receiver has no reason to come back for this version but that it failed. */
  isEarly(receiver: string, version: number, nowMs: number): boolean {
    const latest = this.#latest.get(receiver);
    return latest?.version === version && nowMs < latest.keepUntilMs;
  }

  note(receiver: string, version: number, keepUntilMs: number): void {
    // Put last, so that the first is the one that has not come for longest.
    this.#latest.delete(receiver);
    this.#latest.set(receiver, { version, keepUntilMs });
    if (this.#latest.size <= REMEMBERED_MAX) return;
    const [oldest] = this.#latest.keys();
    if (oldest !== undefined) this.#latest.delete(oldest);
  }
}
