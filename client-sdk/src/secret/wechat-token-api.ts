import { faultOf, isDeadTokenFault, redact } from '@zhongkong/shared';
import { WeixinError } from '../errors.js';
import type { Fetch } from '../http/exchange.js';
import { BACKGROUND_USER_AGENT } from '../http/process-life.js';
import { requestWechat } from '../http/wechat.js';
import { faultError, toWeixinError } from '../to-weixin-error.js';

export interface WechatTokenOptions {
  readonly appId: string;
  readonly secret: string;
  readonly baseUrl: string;
  /** Longest wait for one answer of WeChat. */
  readonly timeoutMs: number;
  readonly fetch: Fetch;
}

interface FetchedToken {
  readonly accessToken: string;
  /** Seconds. */
  readonly expiresIn: number;
}

/** The two requests to WeChat about a token. Both reject with `WeixinError` and nothing else. */
export interface WechatTokenApi {
  /**
   * Without `force`: the token that all holders of the secret share; with it: a new one, 20 times a day.
   * @see https://developers.weixin.qq.com/doc/service/api/base/api_getstableaccesstoken
   */
  fetch(force: boolean): Promise<FetchedToken>;
  /** Whether WeChat accepts the token. */
  isAlive(accessToken: string): Promise<boolean>;
}

const METHOD = 'auth.getAccessToken';

export function createWechatTokenApi(options: WechatTokenOptions, closed: AbortSignal): WechatTokenApi {
  const { appId, secret, baseUrl, timeoutMs, fetch } = options;
  const base = baseUrl.replace(/\/+$/, '');

  async function ask(request: { path: string; json?: object; isSafe: boolean }): Promise<object | undefined> {
    const { path, json, isSafe } = request;
    const body = json && JSON.stringify(json);
    const type = json && { 'content-type': 'application/json' };
    const headers = { 'user-agent': BACKGROUND_USER_AGENT, ...type };
    try {
      const method = json === undefined ? 'GET' : 'POST';
      const sent = { url: `${base}/cgi-bin/${path}`, method, headers, body };
      const answer = await requestWechat(sent, { fetch, timeoutMs, closed, isSafe });
      return answer.json;
    } catch (error) {
      throw toWeixinError(error, METHOD);
    }
  }

  return {
    async fetch(force) {
      const json = { grant_type: 'client_credential', appid: appId, secret, force_refresh: force };
      // Asking for the shared token changes nothing; a forced fetch makes a new one each time.
      const body = await ask({ path: 'stable_token', json, isSafe: !force });
      const fault = faultOf(body);
      if (fault !== undefined) throw faultError({ ...fault, errmsg: redact(fault.errmsg, [secret]) }, METHOD);
      const { access_token: accessToken, expires_in: expiresIn } = (body ?? {}) as Record<string, unknown>;
      if (typeof accessToken === 'string' && accessToken !== '' && Number(expiresIn) > 0)
        return { accessToken, expiresIn: Number(expiresIn) };
      throw new WeixinError('WeChat did not answer: the answer holds no token', {
        errcode: -1,
        method: METHOD,
      });
    },
    async isAlive(accessToken) {
      const query = new URLSearchParams({ access_token: accessToken });
      const fault = faultOf(await ask({ path: `get_api_domain_ip?${query}`, isSafe: true }));
      // WeChat looks at the token first: an errcode about anything else proves that it is alive.
      return fault === undefined || !isDeadTokenFault(fault.errcode);
    },
  };
}
