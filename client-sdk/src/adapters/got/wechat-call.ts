/**
 * What one call has to do with its token; kept in got's `context`, which survives repetitions and redirects. The token is a
 * private field, so that a logger that prints a request's context does not print it.
 */
export class WechatCall {
  #accessToken: string | undefined;
  readonly #origin: string;
  #isReported = false;

  constructor(origin: string) {
    this.#origin = origin;
  }

  /** Where the token may go: a redirect must not carry it to somebody else. */
  isAt(url: URL): boolean {
    return url.origin === this.#origin;
  }

  putInto(url: URL, accessToken: string): void {
    this.#accessToken = accessToken;
    url.searchParams.set('access_token', accessToken);
  }

  /** A redirect's address may repeat the query. */
  takeOutOf(url: URL): void {
    if (url.searchParams.get('access_token') === this.#accessToken) url.searchParams.delete('access_token');
  }

  /** The token to report, once. */
  takeTokenToReport(): string | undefined {
    const isFirst = !this.#isReported;
    this.#isReported = true;
    return isFirst ? this.#accessToken : undefined;
  }
}
