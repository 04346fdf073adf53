import type { OnEvent } from '../events.js';
import type { TokenClientOptions } from '../token/token-client.js';
import { isHttpUrl } from '../token/token-server-options.js';

/** Where the access token comes from: one of `tokenServer`, `secret` and `accessToken`. */
export interface WeixinOptions {
  readonly appId: string;
  /** The Zhongkong token server: the app's secret is there alone. */
  readonly tokenServer?: { readonly url: string; readonly apiKey: string } | undefined;
  /** The app's secret: tokens straight from the platform, without a server. */
  readonly secret?: string | undefined;
  /**
   * A token that the caller answers for; it is never refreshed. Beside a `secret`, which then serves
   * `auth.getAccessToken` and `auth.code2Session` only. Each call may bring one too.
   */
  readonly accessToken?: string | undefined;
  /** @defaultValue 'https://api.weixin.qq.com' */
  readonly baseUrl?: string | undefined;
  /** Longest wait for one answer of the platform; what is safe to repeat may take twice that. @defaultValue 10000 */
  readonly timeoutMs?: number | undefined;
  /**
   * `false`: a fault is returned as `{ errCode, errMsg }` in place of being thrown; look at `errCode` before the rest.
   * Wrong arguments are thrown all the same. @defaultValue true
   */
  readonly throwOnError?: boolean | undefined;
  /** How new tokens are learned of from the token server. @defaultValue 'stream' */
  readonly updates?: TokenClientOptions['updates'];
  readonly onEvent?: OnEvent | undefined;
}

/** @throws TypeError that names the option, never its value */
export function checkOptions(options: WeixinOptions): void {
  if (typeof options !== 'object' || options === null) throw new TypeError('initWeixin: give it its options');
  for (const name of ['appId', 'secret', 'accessToken', 'baseUrl'] as const) {
    const value = options[name];
    if (value === undefined && name !== 'appId') continue;
    if (typeof value !== 'string' || value === '')
      throw new TypeError(`initWeixin: the option ${name} must be a non-empty string`);
  }
  const { tokenServer, secret, accessToken, baseUrl, timeoutMs = 1 } = options;
  if (!(typeof timeoutMs === 'number' && timeoutMs > 0))
    throw new TypeError('initWeixin: the option timeoutMs must be a number of milliseconds');
  if (baseUrl !== undefined && !isHttpUrl(baseUrl))
    throw new TypeError('initWeixin: the option baseUrl must begin with http:// or https://');
  if (tokenServer === undefined) return;
  for (const name of ['url', 'apiKey'] as const) {
    if (typeof tokenServer?.[name] !== 'string' || tokenServer[name] === '')
      throw new TypeError(`initWeixin: the option tokenServer.${name} must be a non-empty string`);
  }
  if (!isHttpUrl(tokenServer.url))
    throw new TypeError('initWeixin: the option tokenServer.url must begin with http:// or https://');
  if (secret !== undefined || accessToken !== undefined)
    throw new TypeError(
      'initWeixin: with a tokenServer there is neither secret nor accessToken; a call may bring a token',
    );
}
