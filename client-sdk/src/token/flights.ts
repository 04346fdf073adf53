/** Work that is under way once at a time for each key: whoever asks meanwhile gets the same answer. */
export class Flights<T> {
  readonly #pending = new Map<string, Promise<T>>();

  join(key: string, work: () => Promise<T>): Promise<T> {
    const pending = this.#pending.get(key) ?? work().finally(() => this.#pending.delete(key));
    this.#pending.set(key, pending);
    return pending;
  }

  /** Resolves when nothing is under way any longer; how it ended is told to whoever asked. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#pending.values());
  }
}
