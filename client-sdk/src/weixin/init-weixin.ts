import { got, type OptionsOfBufferResponseBody } from 'got';
import { TokenServerError, toWeixinError, WeixinError } from '../errors.js';
import { createTokenClient } from '../token/token-client.js';
import { withAccessToken } from '../wechat/with-access-token.js';
import { toWireNames } from './convert-names.js';
import { readAnswer } from './read-answer.js';
import type { Weixin, WeixinAnswer, WeixinOptions, WeixinRequest, WeixinResult } from './weixin-types.js';

const DEFAULT_BASE_URL = 'https://api.weixin.qq.com';
const DEFAULT_TIMEOUT_MS = 10_000;

/**
 * The WeChat server APIs of one app, with an access token that heals itself.
 * @throws TypeError when an option is missing
 */
export function initWeixin(options: WeixinOptions): Weixin {
  const {
    appId,
    tokenServer,
    baseUrl = DEFAULT_BASE_URL,
    timeoutMs = DEFAULT_TIMEOUT_MS,
    throwOnError = true,
  } = options;
  if (tokenServer === undefined)
    throw new TypeError('initWeixin: the option tokenServer is missing: { url, apiKey }');
  const { updates, onEvent } = options;
  const tokens = createTokenClient({
    server: tokenServer.url,
    apiKey: tokenServer.apiKey,
    appId,
    updates,
    onEvent,
  });
  const platform = withAccessToken(
    got.extend({
      prefixUrl: baseUrl,
      timeout: { request: timeoutMs },
      retry: { limit: 0 },
      responseType: 'buffer',
    }),
    tokens,
  );

  async function call(request: WeixinRequest): Promise<WeixinAnswer> {
    const { path } = request;
    const response = await platform(path.replace(/^\/+/, ''), toGotOptions(request)).catch(
      (error: unknown) => {
        throw toWeixinError(error, path);
      },
    );
    return readAnswer({ contentType: response.headers['content-type'] ?? '', body: response.rawBody }, path);
  }

  async function orFault<T extends WeixinResult>(result: Promise<T>): Promise<T> {
    if (throwOnError) return result;
    return result.catch((error: unknown) => asResult(error) as T);
  }

  return {
    auth: {
      getAccessToken: () => orFault(tokens.read().then((token) => ({ ...token, errCode: 0, errMsg: 'ok' }))),
    },
    request: (request) => orFault(call(request)),
    close: () => tokens.close(),
  };
}

function toGotOptions({
  method = 'GET',
  query,
  json,
  accessToken,
}: WeixinRequest): OptionsOfBufferResponseBody {
  const searchParams = toWireNames({ ...query, ...(accessToken === undefined ? {} : { accessToken }) });
  return {
    method,
    responseType: 'buffer',
    searchParams: searchParams as Record<string, string>,
    ...(json === undefined ? {} : { json: toWireNames(json) }),
  };
}

/** What `throwOnError: false` returns; anything that is no fault of platform or server is still thrown. */
function asResult(error: unknown): WeixinResult {
  if (error instanceof WeixinError) return { errCode: error.errCode, errMsg: error.errMsg };
  if (error instanceof TokenServerError) return { errCode: -1, errMsg: error.message };
  throw error;
}
