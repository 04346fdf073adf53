import { faultOf } from '@zhongkong/shared';
import { HTTPError, type OptionsOfJSONResponseBody } from 'got';
import { WeixinError } from '../errors.js';
import { openTokenServer } from '../token/token-server-api.js';
import { garbage, toTokenServerError } from '../token/token-server-fault.js';
import { DEFAULT_TIMEOUT_MS, type TokenServerOptions } from '../token/token-server-options.js';
import { createUnrefAgents, destroyAgents, holdProcess } from '../token/unref-agents.js';
import type { SessionResult } from './auth.js';
import type { Ticket } from './ticket-cache.js';

/** What is asked of the token server besides the token, because only the server may hold the secret or the quota. */
export interface TokenServerQuestions {
  /** @throws TokenServerError; WeixinError for what the platform answered the server */
  codeToSession(code: string): Promise<SessionResult>;
  /** @throws TokenServerError; WeixinError for what the platform answered the server */
  jsapiTicket(): Promise<Ticket>;
  close(): void;
}

/** Asks once each: a login code works once, and a ticket is asked for again by whoever needs it. */
export function createTokenServerQuestions(options: TokenServerOptions): TokenServerQuestions {
  const { appId, timeoutMs = DEFAULT_TIMEOUT_MS } = options;
  const agents = createUnrefAgents();
  const client = openTokenServer(options, agents).extend({ timeout: { request: timeoutMs } });

  async function ask(api: string, path: string, request: OptionsOfJSONResponseBody): Promise<unknown> {
    const url = `apps/${encodeURIComponent(appId)}/${path}`;
    try {
      const { body } = await holdProcess(client<unknown>(url, { ...request, responseType: 'json' }));
      return body;
    } catch (error) {
      throw faultOfUpstream(error, api) ?? toTokenServerError(error);
    }
  }

  return {
    async codeToSession(code) {
      const body = await ask('auth.code2Session', 'code2session', { method: 'POST', json: { jsCode: code } });
      if (!isSession(body)) throw garbage('its answer is no session; check the URL');
      const { openid, sessionKey, unionid } = body;
      return { errCode: 0, errMsg: 'ok', openid, sessionKey, ...(unionid === undefined ? {} : { unionid }) };
    },
    async jsapiTicket() {
      const body = await ask('jssdk.config', 'tickets/jsapi', {});
      if (!isTicket(body)) throw garbage('its answer is no ticket; check the URL');
      return body;
    },
    close: () => destroyAgents(agents),
  };
}

/** The platform's refusal, which the server passes on in its problem. */
function faultOfUpstream(error: unknown, api: string): WeixinError | undefined {
  const fault = error instanceof HTTPError ? faultOf(error.response.body) : undefined;
  return fault && new WeixinError(fault, api);
}

function isSession(body: unknown): body is Pick<SessionResult, 'openid' | 'sessionKey' | 'unionid'> {
  const { openid, sessionKey } = (body ?? {}) as Partial<SessionResult>;
  return typeof openid === 'string' && typeof sessionKey === 'string';
}

function isTicket(body: unknown): body is Ticket {
  const { ticket, expiresIn, refreshIn } = (body ?? {}) as Partial<Ticket>;
  return typeof ticket === 'string' && [expiresIn, refreshIn].every(Number.isFinite);
}
