/** The servers of one installation, the preferred one first. */
export class ServerList {
  readonly #urls: readonly string[];
  #index = 0;

  /** @param server one base URL or several, at least one */
  constructor(server: string | readonly string[]) {
    this.#urls = [server].flat().map((url) => url.replace(/\/+$/, ''));
  }

  get preferred(): string {
    return this.#urls[0] ?? '';
  }

  get current(): string {
    return this.#urls[this.#index] ?? '';
  }

  get isPreferred(): boolean {
    return this.#index === 0;
  }

  /** Has the next one asked from now on, unless another request has moved on already. @returns whether it has moved */
  leave(url: string): boolean {
    if (url !== this.current || this.#urls.length === 1) return false;
    this.#index = (this.#index + 1) % this.#urls.length;
    return true;
  }

  /** The preferred one answers again. */
  comeBack(): void {
    this.#index = 0;
  }
}
