import { noAnswerInChinese } from '@zhongkong/jobs';
import { type Bilingual, classifyCallFault, redact, type WechatFault } from '@zhongkong/shared';
import { codeToSessionAnswer, codeToSessionRequest } from '@zhongkong/shared/contract';
import { z } from 'zod';
import { giveLogin, passUserCall } from '../drop-in/give-login.js';
import { pick, readLoginRequest } from '../drop-in/token-request.js';
import { answerAsWechat } from '../drop-in/wechat-shape.js';
import { HttpProblem } from '../http/problem.js';
import { wechatAnswered } from '../http/problem-of.js';
import { answerWith, appid, callerOf, refuseWith, secret } from './drop-in.js';
import { defineRoute } from './services.js';

const session = z.object({ openid: z.string(), session_key: z.string(), unionid: z.string().optional() });

/** What the codes of this API ask the caller to do. */
const ADVICE: Readonly<Record<number, Bilingual>> = {
  40029: {
    en: 'The code is wrong, too old, or of another app. Have the mini program call wx.login again.',
    zh: 'code 错误、已过期，或属于其他应用。请让小程序重新调用 wx.login。',
  },
  40163: {
    en: 'The code was used before. Have the mini program call wx.login again.',
    zh: 'code 已被使用过。请让小程序重新调用 wx.login。',
  },
  40226: {
    en: 'WeChat has blocked this user’s login as risky.',
    zh: '微信判定该用户为高风险，拒绝了这次登录。',
  },
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
      const detail = {
        en: 'The login needs the app’s secret, and this app is configured without one.',
        zh: '登录需要该应用的 AppSecret，而配置里没有给出。',
      };
      throw new HttpProblem(detail, { code: 'conflict' });
    }
    const query = { appid: appId, secret, js_code: jsCode, grant_type: 'authorization_code' };
    const answer = await wechat.get('sns/jscode2session', query, policy.upstreamTimeoutMs);
    if (answer.is === 'no-answer') throw notAnswered(answer);
    if (answer.is === 'fault') throw rejected(answer.fault, secret);
    const parsed = session.safeParse(answer.body);
    if (!parsed.success) throw unreadable({ en: 'it holds no session', zh: '返回内容里没有会话信息' });
    const { openid, session_key: sessionKey, unionid } = parsed.data;
    return { body: { appId, openid, sessionKey, ...(unionid === undefined ? {} : { unionid }) } };
  },
});

interface LoginCall {
  readonly id: string;
  readonly path: string;
  readonly summary: string;
  /** The parameters that go on to WeChat, besides app id and secret. */
  readonly query: z.ZodRawShape;
  readonly answer: z.ZodType;
  readonly example: string;
}

const text = z.string();
const userToken = z.looseObject({ access_token: text, refresh_token: text, openid: text });

/** The logins that take the AppSecret at WeChat; here, a client key stands in its place. */
const SECRET_CALLS: readonly LoginCall[] = [
  {
    id: 'dropInCodeToSession',
    path: '/sns/jscode2session',
    summary: 'The login of a mini program’s user in the shape of WeChat',
    query: { js_code: text, grant_type: z.literal('authorization_code') },
    answer: z.looseObject({ openid: text, session_key: text }),
    example: 'js_code=CODE&grant_type=authorization_code',
  },
  {
    id: 'dropInUserToken',
    path: '/sns/oauth2/access_token',
    summary: 'The login of an official account’s user in the shape of WeChat',
    query: { code: text, grant_type: z.literal('authorization_code') },
    answer: userToken,
    example: 'code=CODE&grant_type=authorization_code',
  },
];

/** The calls that carry a user's own token, which is never taken for the app's. */
const USER_CALLS: readonly LoginCall[] = [
  {
    id: 'dropInRefreshUserToken',
    path: '/sns/oauth2/refresh_token',
    summary: 'A new token for a user of an official account',
    query: { appid, grant_type: z.literal('refresh_token'), refresh_token: text },
    answer: userToken,
    example: 'appid=wx0123456789abcdef&grant_type=refresh_token&refresh_token=REFRESH_TOKEN',
  },
  {
    id: 'dropInUserInfo',
    path: '/sns/userinfo',
    summary: 'What a user of an official account has agreed to show',
    query: { access_token: text.describe('The token of the user.'), openid: text, lang: text.optional() },
    answer: z.looseObject({ openid: text }),
    example: 'access_token=USER_TOKEN&openid=OPENID',
  },
  {
    id: 'dropInCheckUserToken',
    path: '/sns/auth',
    summary: 'Whether the token of a user is alive',
    query: { access_token: text.describe('The token of the user.'), openid: text },
    answer: z.looseObject({ errcode: z.literal(0) }),
    example: 'access_token=USER_TOKEN&openid=OPENID',
  },
];

const common = { method: 'get', group: 'Drop-in', access: 'key as secret' } as const;

export const loginCalls = [
  ...SECRET_CALLS.map(({ query, answer, example, ...call }) =>
    defineRoute({
      ...common,
      ...call,
      description: 'The key needs the scope `login`.',
      query: z.object({ appid, secret, ...query }),
      example: { query: `appid=wx0123456789abcdef&secret=$KEY&${example}` },
      answers: [answerWith(answer)],
      otherMethods: refuseWith(43001),
      raw: (services, { request, response }) =>
        answerAsWechat(services, response, async () => {
          const login = readLoginRequest(request.query, callerOf(request), Object.keys(query));
          return giveLogin(services, call.path.slice(1), login);
        }),
    }),
  ),
  ...USER_CALLS.map(({ query, answer, example, ...call }) =>
    defineRoute({
      ...common,
      ...call,
      description: 'Passed on to WeChat as it is: it carries no key, and WeChat checks the user’s token.',
      query: z.object(query),
      example: { query: example },
      answers: [answerWith(answer)],
      otherMethods: refuseWith(43001),
      raw: (services, { request, response }) =>
        answerAsWechat(services, response, async () =>
          passUserCall(services, call.path.slice(1), pick(request.query, Object.keys(query))),
        ),
    }),
  ),
];

function notAnswered({ detail, mayBeDone }: { detail: string; mayBeDone: boolean }): HttpProblem {
  const why = { en: detail, zh: noAnswerInChinese(detail) };
  if (mayBeDone) return unreadable(why);
  const text = {
    en: `WeChat cannot be reached: ${why.en}. The code was not used up.`,
    zh: `连不上微信：${why.zh}。code 没有被消耗。`,
  };
  return new HttpProblem(text, { code: 'upstream_unavailable', retryAfterSeconds: 1 });
}

function unreadable(why: Bilingual): HttpProblem {
  const text = {
    en: `WeChat gave no usable answer: ${why.en}. The code may be used up: have the mini program call wx.login again.`,
    zh: `微信没有给出可用的应答：${why.zh}。code 可能已被消耗，请让小程序重新调用 wx.login。`,
  };
  return new HttpProblem(text, { code: 'upstream_unavailable', retryAfterSeconds: 1 });
}

function rejected({ errcode, errmsg }: WechatFault, secret: string): HttpProblem {
  const kind = classifyCallFault(errcode);
  const isPassing = kind === 'transient' || kind === 'throttled';
  return new HttpProblem(ADVICE[errcode] ?? wechatAnswered(errcode), {
    code: isPassing ? 'upstream_unavailable' : 'upstream_rejected',
    errcode,
    errmsg: redact(errmsg, [secret]),
  });
}
