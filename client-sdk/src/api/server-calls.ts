import { faultOf } from '@zhongkong/shared';
import type { HttpAnswer } from '../http/exchange.js';
import { keepProcessAlive } from '../http/process-life.js';
import { faultError } from '../to-weixin-error.js';
import type { TokenServer } from '../token/server.js';
import { bodyOf } from '../token/server-api.js';
import type { SessionResult } from './groups/auth.js';
import type { Ticket } from './groups/ticket-cache.js';

type Session = Pick<SessionResult, 'openid' | 'sessionKey' | 'unionid'>;

/** What is asked of the token server besides the token, because only the server holds the secret, or the quota. */
export interface ServerCalls {
  /** @throws TokenServerError; WeixinError for what WeChat answered the server */
  codeToSession(code: string): Promise<SessionResult>;
  /** @throws TokenServerError; WeixinError for what WeChat answered the server */
  jsapiTicket(): Promise<Ticket>;
}

export function createServerCalls(server: TokenServer, appId: string): ServerCalls {
  const app = `apps/${encodeURIComponent(appId)}`;
  return {
    async codeToSession(jsCode) {
      // A code works once, so the request is sent once.
      const request = { path: `${app}/code2session`, json: { jsCode }, repeats: false };
      const answer = await keepProcessAlive(server.ask(request));
      throwWechatFault(answer, 'auth.code2Session');
      const { openid, sessionKey, unionid } = bodyOf(answer, isSession);
      return { errCode: 0, errMsg: 'ok', openid, sessionKey, ...(unionid === undefined ? {} : { unionid }) };
    },
    async jsapiTicket() {
      const answer = await keepProcessAlive(server.ask({ path: `${app}/tickets/jsapi` }));
      throwWechatFault(answer, 'jssdk.config');
      return bodyOf(answer, isTicket);
    },
  };
}

/** WeChat's refusal, which the server passes on in its problem. */
function throwWechatFault({ status, json }: HttpAnswer, method: string): void {
  const fault = status < 300 ? undefined : faultOf(json);
  if (fault !== undefined) throw faultError(fault, method);
}

function isSession(body: unknown): body is Session {
  const { openid, sessionKey } = (body ?? {}) as Partial<Session>;
  return typeof openid === 'string' && typeof sessionKey === 'string';
}

function isTicket(body: unknown): body is Ticket {
  const { ticket, expiresIn, refreshIn } = (body ?? {}) as Partial<Ticket>;
  return typeof ticket === 'string' && [expiresIn, refreshIn].every(Number.isFinite);
}
