import { faultInBody, isDeadTokenFault, type WechatFault } from '@zhongkong/shared';
import { cannotRepeat } from '../errors.js';
import type { TokenSource } from '../token/token-source.js';
import { withoutToken } from '../wechat/hide-token.js';
import { isStream } from './is-stream.js';

/** What is used of an instance of co-wechat-api 3. */
export interface CoWechatApi {
  request(url: string, options?: { data?: unknown }, retry?: number): Promise<unknown>;
  getToken(): Promise<unknown>;
  saveToken(token: unknown): Promise<unknown>;
  getAccessToken(): Promise<unknown>;
  tokenFromCustom?: unknown;
}

/**
 * Has an instance of co-wechat-api take its token from Zhongkong: its own fetching and its own retry are switched off, and
 * a dead token is healed by one report and one repetition. An app secret is no longer needed; any text will do.
 * Uploads from a file are streams, which are not repeated.
 * @returns the same instance
 */
export function withAccessToken<T extends CoWechatApi>(api: T, tokens: TokenSource): T {
  // It looks at the time before each use; whether the token lives is not its business any more.
  const token = async () => ({
    accessToken: await tokens.getAccessToken(),
    expireTime: Number.MAX_SAFE_INTEGER,
  });
  api.getToken = token;
  api.getAccessToken = token;
  api.saveToken = async () => {};
  // This is what switches its retry off.
  api.tokenFromCustom = true;
  const request = api.request.bind(api);

  api.request = async (url, options) => {
    const first = await attempt(() => request(url, options));
    const dead = new URL(url).searchParams.get('access_token');
    if (dead === null || first.fault === undefined || !isDeadTokenFault(first.fault.errcode))
      return first.end();
    const fresh = await tokens.reportInvalid(dead, first.fault.errcode).catch(() => undefined);
    if (fresh === undefined) return first.end();
    if (isStream(options?.data)) throw cannotRepeat(first.fault, new URL(url).pathname, dead);
    const again = new URL(url);
    again.searchParams.set('access_token', fresh);
    return (await attempt(() => request(again.href, options))).end();
  };
  return api;
}

/** What a request came to: its fault, whether thrown or sent in the place of an image, and its result. */
async function attempt(
  send: () => Promise<unknown>,
): Promise<{ fault: WechatFault | undefined; end: () => unknown }> {
  try {
    const result = await send();
    return { fault: result instanceof Uint8Array ? faultInBody(result) : undefined, end: () => result };
  } catch (thrown) {
    const error = thrown as Error & { code?: unknown };
    // Its messages name the whole URL.
    error.message = withoutToken(error.message);
    if (error.stack !== undefined) error.stack = withoutToken(error.stack);
    const fault = typeof error.code === 'number' ? { errcode: error.code, errmsg: error.message } : undefined;
    return {
      fault,
      end: () => {
        throw error;
      },
    };
  }
}
