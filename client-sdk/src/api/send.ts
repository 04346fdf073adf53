import { faultOf, healOnce, isDeadTokenFault } from '@zhongkong/shared';
import type { Fetch, HttpAnswer } from '../http/exchange.js';
import { requestWechat, wechatTries } from '../http/wechat.js';
import { toWeixinError } from '../to-weixin-error.js';
import type { TokenSource } from '../token/token-source.js';
import type { Call } from './call.js';
import { readAnswer } from './wire/read-answer.js';
import { toBody, toUrl } from './wire/write-request.js';

export interface SendOptions {
  readonly baseUrl: string;
  readonly timeoutMs: number;
  readonly fetch: Fetch;
  /** Undefined: each call brings its own token. */
  readonly tokens: TokenSource | undefined;
}

/** WeChat as one function that every API goes through. */
export function createCall(options: SendOptions): Call {
  const { baseUrl, timeoutMs, fetch, tokens } = options;

  return async (call) => {
    const { api, method = 'POST', needsToken = true, safeToRepeat: isSafe = method === 'GET' } = call;
    const url = toUrl(baseUrl, call);
    const own = call.accessToken ?? url.searchParams.get('access_token') ?? undefined;
    if (needsToken && tokens === undefined && own === undefined)
      throw new TypeError(
        `${api}: there is no access token; give initWeixin a tokenServer, a secret or an accessToken, or the call an accessToken`,
      );
    const body = await toBody(call);
    const tries = wechatTries(timeoutMs);
    let sentTo = url.href;
    const send = (accessToken: string | undefined): Promise<HttpAnswer> => {
      sentTo = withToken(url, accessToken);
      return requestWechat({ url: sentTo, method, ...body }, { fetch, timeoutMs, isSafe, tries });
    };
    try {
      const answer =
        needsToken && own === undefined ? await sendHealing(send, tokens as TokenSource) : await send(own);
      return readAnswer(answer, call, sentTo) as never;
    } catch (error) {
      throw toWeixinError(error, api);
    }
  };
}

/** Every body is in memory, so every call can be sent twice. */
async function sendHealing(
  send: (accessToken: string) => Promise<HttpAnswer>,
  tokens: TokenSource,
): Promise<HttpAnswer> {
  return healOnce(await tokens.getAccessToken(), {
    send,
    deadTokenErrcode({ json }) {
      const errcode = faultOf(json)?.errcode;
      return errcode !== undefined && isDeadTokenFault(errcode) ? errcode : undefined;
    },
    // Without a token to repeat with, WeChat's own answer stands.
    report: (accessToken, errcode) => tokens.reportInvalid(accessToken, errcode).catch(() => undefined),
  });
}

function withToken({ href, search, searchParams }: URL, accessToken: string | undefined): string {
  if (accessToken === undefined || searchParams.has('access_token')) return href;
  return `${href}${search === '' ? '?' : '&'}access_token=${encodeURIComponent(accessToken)}`;
}
