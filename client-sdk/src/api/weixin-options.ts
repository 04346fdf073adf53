import type { OnEvent } from '../events.js';
import type { Fetch } from '../http/exchange.js';
import { isHttpUrl, isServer, type TokenClientOptions } from '../token/client-options.js';

/** Where the access token comes from: one of `tokenServer`, `secret` and `accessToken`. */
export interface WeixinOptions {
  readonly appId: string;
  /**
   * The Zhongkong token server: the app's secret is there alone. `url`: one, or a list of servers of one installation, the
   * preferred one first; the next one is used while one does not answer.
   */
  readonly tokenServer?: { readonly url: string | readonly string[]; readonly apiKey: string } | undefined;
  /** The app's secret: tokens straight from WeChat, without a server. */
  readonly secret?: string | undefined;
  /**
   * A token that the caller answers for; it is never refreshed. Beside a `secret`, which then serves
   * `auth.getAccessToken` and `auth.code2Session` only. Each call may bring one too.
   */
  readonly accessToken?: string | undefined;
  /** @defaultValue 'https://api.weixin.qq.com' */
  readonly baseUrl?: string | undefined;
  /**
   * Longest wait for one answer of WeChat in milliseconds: connecting, first byte and body together. What is safe to
   * repeat may take twice that. @defaultValue 10000
   */
  readonly timeoutMs?: number | undefined;
  /**
   * `false`: a fault is returned as `{ errCode, errMsg }` in place of being thrown; look at `errCode` before the rest.
   * Wrong arguments are thrown all the same. @defaultValue true
   */
  readonly throwOnError?: boolean | undefined;
  /** How new tokens arrive from the token server. @defaultValue 'stream' */
  readonly updates?: TokenClientOptions['updates'];
  readonly onEvent?: OnEvent | undefined;
  /**
   * In place of Node's own, for WeChat and for the token server: for tests, and for networks of your own. It must honour
   * `signal`, and should not follow redirects (`redirect: 'manual'`).
   */
  readonly fetch?: Fetch | undefined;
}

/** @throws TypeError that names the option, never its value */
export function checkOptions(options: WeixinOptions): void {
  const complain = (text: string) => {
    throw new TypeError(`initWeixin: ${text}`);
  };
  if (typeof options !== 'object' || options === null) complain('give it its options');
  for (const name of ['appId', 'secret', 'accessToken', 'baseUrl'] as const) {
    const value = options[name];
    if (value === undefined && name !== 'appId') continue;
    if (typeof value !== 'string' || value === '') complain(`the option ${name} must be a non-empty string`);
  }
  const { tokenServer, secret, accessToken, baseUrl, timeoutMs = 1, fetch } = options;
  if (!(typeof timeoutMs === 'number' && timeoutMs > 0))
    complain('the option timeoutMs must be a number of milliseconds');
  if (baseUrl !== undefined && !isHttpUrl(baseUrl))
    complain('the option baseUrl must begin with http:// or https://');
  if (fetch !== undefined && typeof fetch !== 'function') complain('the option fetch must be a function');
  if (tokenServer === undefined) return;
  if (typeof tokenServer?.apiKey !== 'string' || tokenServer.apiKey === '')
    complain('the option tokenServer.apiKey must be a non-empty string');
  if (!isServer(tokenServer?.url))
    complain('the option tokenServer.url must begin with http:// or https://, or be a list of such URLs');
  if (secret !== undefined || accessToken !== undefined)
    complain('with a tokenServer there is neither secret nor accessToken; a call may bring a token');
}
