/** Runs the same work at most once at a time: callers that join while it runs share its outcome. */
export class SingleFlight<T> {
  readonly #pending = new Map<string, Promise<T>>();

  /** @param key names the work; callers with the same key share it */
  join(key: string, work: () => Promise<T>): Promise<T> {
    const running = this.#pending.get(key);
    if (running !== undefined) return running;
    const started = work().finally(() => this.#pending.delete(key));
    this.#pending.set(key, started);
    return started;
  }

  /** Resolves when everything that runs now has ended. Errors go to those who joined. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#pending.values());
  }
}
