import { isDeadTokenFault, type WechatFault } from '@zhongkong/shared';

/**
 * What one call has to do with its token; kept in got's `context`, which survives repetitions and redirects. The token is a
 * private field, so that whoever prints a request's context does not print it.
 */
export class WechatCall {
  #accessToken: string | undefined;
  readonly #origin: string;
  #reports = 0;

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

  /** The address as it was sent, token and all; only for taking the token out of texts. */
  sentTo(url: URL): URL {
    const sent = new URL(url);
    if (this.#accessToken !== undefined) sent.searchParams.set('access_token', this.#accessToken);
    return sent;
  }

  /** The token to report, once. */
  tokenToReport({ errcode }: WechatFault): string | undefined {
    if (!isDeadTokenFault(errcode) || this.#reports > 0) return undefined;
    this.#reports += 1;
    return this.#accessToken;
  }
}
