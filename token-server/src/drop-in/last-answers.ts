interface LastAnswer {
  readonly version: number;
  readonly keepUntilMs: number;
}

/** Evicting an entry only delays healing once. */
const REMEMBERED_MAX = 10_000;

/**
 * What clients of the drop-in paths got last. A client that asks again before the time that it may keep its token has
 * most likely had a call fail; it has no other way to say so.
 */
export class LastAnswers {
  readonly #latest = new Map<string, LastAnswer>();

  /** Whether this client has no other reason to ask again for this version than that it failed. */
  isEarly(client: string, version: number, nowMs: number): boolean {
    const latest = this.#latest.get(client);
    return latest?.version === version && nowMs < latest.keepUntilMs;
  }

  note(client: string, version: number, keepUntilMs: number): void {
    // Put last, so that the first is the one that has not asked for longest.
    this.#latest.delete(client);
    this.#latest.set(client, { version, keepUntilMs });
    if (this.#latest.size <= REMEMBERED_MAX) return;
    const [oldest] = this.#latest.keys();
    if (oldest !== undefined) this.#latest.delete(oldest);
  }
}
