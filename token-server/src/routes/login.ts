import { classifyCallFault, redact, type WechatFault } from '@zhongkong/shared';
import { codeToSessionAnswer, codeToSessionRequest } from '@zhongkong/shared/contract';
import { z } from 'zod';
import { HttpProblem } from '../http/problem.js';
import { defineRoute } from './services.js';

const session = z.object({ openid: z.string(), session_key: z.string(), unionid: z.string().optional() });

/** What the codes of this API ask the caller to do. */
const ADVICE: Readonly<Record<number, string>> = {
  40029: 'The code is wrong, too old, or of another app. Have the mini program call wx.login again.',
  40163: 'The code was used before. Have the mini program call wx.login again.',
  40226: 'WeChat has blocked this user’s login as risky.',
};

/** @see https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/user-login/code2Session.html */
export const codeToSession = defineRoute({
  id: 'codeToSession',
  method: 'post',
  path: '/v1/apps/{appId}/code2session',
  group: 'Login',
  summary: "The login of a mini program's user",
  description:
    'Replaces `/sns/jscode2session` of WeChat, so that no service needs the AppSecret. A code works once, so WeChat is asked once.',
  access: 'login',
  body: codeToSessionRequest,
  example: { body: { jsCode: '0a3Kq1ll2AB7Ld4xT5nl2wLp0P1Kq1lG' } },
  answers: [{ status: 200, description: 'Who the user is.', schema: codeToSessionAnswer }],
  problems: ['conflict', 'upstream_rejected', 'upstream_unavailable'],
  async handle({ wechat }, { app, body: { jsCode } }) {
    const { appId, secret, policy } = app.settings;
    if (secret === null) {
      const detail = 'The login needs the app’s secret, and this app is configured without one.';
      throw new HttpProblem(detail, { code: 'conflict' });
    }
    const query = { appid: appId, secret, js_code: jsCode, grant_type: 'authorization_code' };
    const answer = await wechat.get('sns/jscode2session', query, policy.upstreamTimeoutMs);
    if (answer.is === 'no-answer') throw notAnswered(answer);
    if (answer.is === 'fault') throw rejected(answer.fault, secret);
    const parsed = session.safeParse(answer.body);
    if (!parsed.success) throw unreadable('it holds no session');
    const { openid, session_key: sessionKey, unionid } = parsed.data;
    return { body: { appId, openid, sessionKey, ...(unionid === undefined ? {} : { unionid }) } };
  },
});

function notAnswered({ detail, mayBeDone }: { detail: string; mayBeDone: boolean }): HttpProblem {
  if (mayBeDone) return unreadable(detail);
  const text = `WeChat cannot be reached: ${detail}. The code was not used up.`;
  return new HttpProblem(text, { code: 'upstream_unavailable', retryAfterSeconds: 1 });
}

function unreadable(detail: string): HttpProblem {
  const text = `WeChat gave no usable answer: ${detail}. The code may be used up: have the mini program call wx.login again.`;
  return new HttpProblem(text, { code: 'upstream_unavailable', retryAfterSeconds: 1 });
}

function rejected({ errcode, errmsg }: WechatFault, secret: string): HttpProblem {
  const kind = classifyCallFault(errcode);
  const isPassing = kind === 'transient' || kind === 'throttled';
  return new HttpProblem(ADVICE[errcode] ?? `WeChat answered ${errcode}.`, {
    code: isPassing ? 'upstream_unavailable' : 'upstream_rejected',
    errcode,
    errmsg: redact(errmsg, [secret]),
  });
}
