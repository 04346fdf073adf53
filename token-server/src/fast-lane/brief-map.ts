const KEPT_MS = 1_000;

/** Remembers what was worked out, for one second at most, and no more than `max` things. */
export class BriefMap<Value> {
  readonly #max: number;
  readonly #keptMs: number;
  readonly #values = new Map<string, Value>();

  /** @param keptMs defaults to one second */
  constructor(max: number, keptMs = KEPT_MS) {
    this.#max = max;
    this.#keptMs = keptMs;
  }

  get(key: string): Value | undefined {
    return this.#values.get(key);
  }

  set(key: string, value: Value): void {
    if (this.#values.size >= this.#max) this.clear();
    // All of it goes at once, so that one timer is enough, and only while there is something.
    if (this.#values.size === 0) setTimeout(() => this.clear(), this.#keptMs).unref();
    this.#values.set(key, value);
  }

  clear(): void {
    this.#values.clear();
  }

  get size(): number {
    return this.#values.size;
  }
}
