import { type Got, got, type OptionsOfBufferResponseBody } from 'got';
import { TokenServerError, toWeixinError, WeixinError } from '../errors.js';
import type { TokenSource } from '../token/token-source.js';
import { repeatTransientFaults } from '../wechat/repeat-transient-faults.js';
import { sentTo, withAccessToken } from '../wechat/with-access-token.js';
import type { Call } from './api-call.js';
import { type RawAnswer, readAnswer } from './read-answer.js';
import { toBody, toUrl } from './write-request.js';

export interface PlatformOptions {
  readonly baseUrl: string;
  readonly timeoutMs: number;
  /** Undefined: each call brings its own token. */
  readonly tokens: TokenSource | undefined;
}

/** The platform, as one function that every API goes through. */
export function createPlatform({ baseUrl, timeoutMs, tokens }: PlatformOptions): Call {
  const client = got.extend({
    timeout: { request: timeoutMs },
    // A redirect would carry the token to whoever stands behind it; the platform makes none.
    followRedirect: false,
    throwHttpErrors: false,
    responseType: 'buffer',
  });
  const plain = repeatTransientFaults(client);
  const withToken = tokens === undefined ? plain : withAccessToken(client, tokens);

  return async (call) => {
    const { api, method = 'POST', accessToken, takesToken = true, safeToRepeat } = call;
    if (takesToken && tokens === undefined && accessToken === undefined)
      throw new TypeError(
        `${api}: there is no access token; give initWeixin a tokenServer, a secret or an accessToken, or the call an accessToken`,
      );
    const url = toUrl(baseUrl, call);
    const body = await toBody(call);
    const instance = takesToken && accessToken === undefined ? withToken : plain;
    const options = { method, ...body, context: { safeToRepeat } };
    const answer = readAnswer(await send(instance, url, options, api), call);
    return answer as never;
  };
}

async function send(
  instance: Got,
  url: URL,
  options: OptionsOfBufferResponseBody,
  api: string,
): Promise<RawAnswer> {
  try {
    const { statusCode, headers, rawBody, request } = await instance(url, options);
    const contentType = headers['content-type'] ?? '';
    return { status: statusCode, contentType, body: rawBody, sentTo: sentTo(request.options) };
  } catch (error) {
    throw toWeixinError(ourError(error) ?? error, api);
  }
}

/** got wraps what a token source throws. */
function ourError(error: unknown): unknown {
  const { cause } = error as Error;
  return [error, cause].find(
    (candidate) => candidate instanceof TokenServerError || candidate instanceof WeixinError,
  );
}
