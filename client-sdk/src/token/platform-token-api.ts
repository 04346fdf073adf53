import { faultOf, isDeadTokenFault, parseWechatJson } from '@zhongkong/shared';
import { got, type OptionsOfTextResponseBody } from 'got';
import { toWeixinError, WeixinError } from '../errors.js';
import { repeatTransientFaults } from '../wechat/repeat-transient-faults.js';
import type { UnrefAgents } from './unref-agents.js';

export interface PlatformTokenOptions {
  readonly appId: string;
  readonly secret: string;
  /** @defaultValue 'https://api.weixin.qq.com' */
  readonly baseUrl?: string | undefined;
  /** Longest wait for one answer of the platform. @defaultValue 10000 */
  readonly timeoutMs?: number | undefined;
}

export interface Grant {
  readonly accessToken: string;
  /** Seconds. */
  readonly expiresIn: number;
}

/** The platform's two questions about a token. Both reject with `WeixinError` and nothing else. */
export interface PlatformTokenApi {
  /**
   * Without `force`: the token that all holders of the secret share; with it: a new one, 20 times a day.
   * @see https://developers.weixin.qq.com/doc/service/api/base/api_getstableaccesstoken
   */
  fetch(force: boolean): Promise<Grant>;
  /** Whether the platform takes the token. */
  isAlive(accessToken: string): Promise<boolean>;
}

const METHOD = 'auth.getAccessToken';
const DEFAULT_BASE_URL = 'https://api.weixin.qq.com';
const DEFAULT_TIMEOUT_MS = 10_000;

export function createPlatformTokenApi(
  options: PlatformTokenOptions,
  agent: UnrefAgents,
  closed: AbortSignal,
): PlatformTokenApi {
  const { appId, secret, baseUrl = DEFAULT_BASE_URL, timeoutMs = DEFAULT_TIMEOUT_MS } = options;
  const once = got.extend({
    prefixUrl: baseUrl,
    agent,
    signal: closed,
    timeout: { request: timeoutMs },
    // A query or body with a secret in it must not travel on.
    followRedirect: false,
  });
  const client = repeatTransientFaults(once);

  async function ask(path: string, request: OptionsOfTextResponseBody): Promise<unknown> {
    try {
      return parseWechatJson(await client(path, request).text());
    } catch (error) {
      throw toWeixinError(error, METHOD);
    }
  }

  return {
    async fetch(force) {
      const grant = { grant_type: 'client_credential', appid: appId, secret, force_refresh: force };
      // Asking for the shared token changes nothing; a forced fetch makes a new one each time.
      const context = { safeToRepeat: !force };
      const body = await ask('cgi-bin/stable_token', { method: 'POST', json: grant, context });
      const fault = faultOf(body);
      if (fault !== undefined) throw new WeixinError(fault, METHOD);
      const { access_token: accessToken, expires_in: expiresIn } = (body ?? {}) as Record<string, unknown>;
      if (typeof accessToken === 'string' && Number(expiresIn) > 0)
        return { accessToken, expiresIn: Number(expiresIn) };
      throw new WeixinError({ errcode: -1, errmsg: 'the answer holds no token' }, METHOD);
    },
    async isAlive(accessToken) {
      const searchParams = { access_token: accessToken };
      const fault = faultOf(await ask('cgi-bin/get_api_domain_ip', { searchParams }));
      // The platform looks at the token first: an errcode about anything else proves that it is alive.
      return fault === undefined || !isDeadTokenFault(fault.errcode);
    },
  };
}
