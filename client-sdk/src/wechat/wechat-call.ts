import { classifyCallFault, isDeadTokenFault, type WechatFault } from '@zhongkong/shared';
import type { Options } from 'got';

const TRANSIENT_REPEATS_MAX = 2;
const SAFE_METHODS = new Set(['GET', 'HEAD']);

/**
 * What one call has been through; kept in got's `context`, which survives repetitions and redirects. The token is a
 * private field, so that whoever prints a request's context does not print it.
 */
export class WechatCall {
  #accessToken: string | undefined;
  readonly #origin: string;
  #reports = 0;
  #transientRepeats = 0;
  /** The form as the caller gave it; got keeps only what it has made of it. */
  readonly form: FormData | undefined;

  constructor(origin: string, form: FormData | undefined) {
    this.#origin = origin;
    this.form = form;
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

  /** In how many milliseconds to repeat a call that the platform was too busy for; undefined: not at all. */
  pauseBeforeRepeating(
    { errcode }: WechatFault,
    { method, context }: Options,
    random: number,
  ): number | undefined {
    const isSafe = SAFE_METHODS.has(method) || context.safeToRepeat === true;
    if (!isSafe || classifyCallFault(errcode) !== 'transient') return undefined;
    if (this.#transientRepeats === TRANSIENT_REPEATS_MAX) return undefined;
    this.#transientRepeats += 1;
    return 250 * 2 ** this.#transientRepeats * (0.5 + random / 2);
  }
}
