import { faultOf } from '@zhongkong/shared';
import { HTTPError, type Response } from 'got';
import { WeixinError } from '../errors.js';
import { askOnce, createTokenServerAsk } from '../token/ask-token-server.js';
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

export function createTokenServerQuestions(options: TokenServerOptions): TokenServerQuestions {
  const { appId, timeoutMs = DEFAULT_TIMEOUT_MS } = options;
  const closing = new AbortController();
  const agents = createUnrefAgents();
  const client = openTokenServer(options, agents);
  const limits = { timeoutMs, closed: closing.signal };
  const ask = createTokenServerAsk(client, limits);
  const url = `apps/${encodeURIComponent(appId)}`;

  async function bodyOf(api: string, question: Promise<Response<unknown>>): Promise<unknown> {
    try {
      return (await holdProcess(question)).body;
    } catch (error) {
      throw faultOfUpstream(error, api) ?? toTokenServerError(error);
    }
  }

  return {
    async codeToSession(code) {
      const request = { method: 'POST', json: { jsCode: code } } as const;
      // A code works once, so the question is sent once.
      const question = askOnce(client, `${url}/code2session`, request, limits);
      const body = await bodyOf('auth.code2Session', question);
      if (!isSession(body)) throw garbage('its answer is no session; check the URL');
      const { openid, sessionKey, unionid } = body;
      return { errCode: 0, errMsg: 'ok', openid, sessionKey, ...(unionid === undefined ? {} : { unionid }) };
    },
    async jsapiTicket() {
      const body = await bodyOf('jssdk.config', ask(`${url}/tickets/jsapi`, {}));
      if (!isTicket(body)) throw garbage('its answer is no ticket; check the URL');
      return body;
    },
    close() {
      closing.abort();
      destroyAgents(agents);
    },
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
