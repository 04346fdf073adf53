import { faultInBody, healOnce, isDeadTokenFault, redactQueries, type WechatFault } from '@zhongkong/shared';
import { cannotRepeat } from '../to-weixin-error.js';
import type { TokenSource } from '../token/token-source.js';
import { isUsedUp } from './used-up-body.js';

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
    const dead = new URL(url).searchParams.get('access_token');
    if (dead === null) return (await attempt(() => request(url, options))).end();
    const outcome = await healOnce<Outcome>(dead, {
      send: (accessToken) => attempt(() => request(withToken(url, accessToken), options)),
      deadTokenErrcode: ({ fault }) => (fault && isDeadTokenFault(fault.errcode) ? fault.errcode : undefined),
      report: (accessToken, errcode) => tokens.reportInvalid(accessToken, errcode).catch(() => undefined),
      canRepeat({ fault }) {
        if (!isUsedUp(options?.data)) return true;
        throw cannotRepeat(fault as WechatFault, new URL(url).pathname, dead);
      },
    });
    return outcome.end();
  };
  return api;
}

/** How a request ended: its fault, whether thrown or sent in place of an image, and its result. */
interface Outcome {
  readonly fault: WechatFault | undefined;
  /** Returns the result, or throws the error. */
  end(): unknown;
}

async function attempt(send: () => Promise<unknown>): Promise<Outcome> {
  try {
    const result = await send();
    return { fault: result instanceof Uint8Array ? faultInBody(result) : undefined, end: () => result };
  } catch (thrown) {
    const error = thrown as Error & { code?: unknown };
    // Its messages name the whole URL.
    error.message = redactQueries(error.message);
    if (error.stack !== undefined) error.stack = redactQueries(error.stack);
    const fault = typeof error.code === 'number' ? { errcode: error.code, errmsg: error.message } : undefined;
    return {
      fault,
      end: () => {
        throw error;
      },
    };
  }
}

function withToken(url: string, accessToken: string): string {
  const own = new URL(url);
  own.searchParams.set('access_token', accessToken);
  return own.href;
}
