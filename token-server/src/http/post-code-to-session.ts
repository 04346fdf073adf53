import { type Clock, classifyCallFault, faultOf, parseWechatJson, type WechatFault } from '@zhongkong/shared';
import { type CodeToSessionAnswer, codeToSessionRequest } from '@zhongkong/shared/contract';
import type { RequestHandler } from 'express';
import { z } from 'zod';
import type { AppConfig } from '../config/config.js';
import { concealing } from '../proxy/conceal.js';
import type { PlatformPool } from '../proxy/platform-pool.js';
import { readSmall } from '../proxy/read-small.js';
import { HttpProblem } from './http-problem.js';
import { parseInput } from './parse-input.js';

export interface LoginTools {
  readonly apps: readonly AppConfig[];
  readonly platform: PlatformPool;
  readonly clock: Clock;
}

const session = z.object({ openid: z.string(), session_key: z.string(), unionid: z.string().optional() });

/**
 * `POST /v1/apps/{appId}/code2session`: the login of a mini program's user, so that no service needs the app's secret.
 * @see https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/user-login/code2Session.html
 */
export function postCodeToSession({ apps, platform }: LoginTools): RequestHandler<{ appId: string }> {
  return async (request, response) => {
    const { appId } = request.params;
    const { jsCode } = parseInput(codeToSessionRequest, request.body, 'body');
    const app = apps.find((candidate) => candidate.appId === appId);
    if (app === undefined) throw new HttpProblem('unknown_app');
    const { secret, policy } = app;
    if (secret === null) {
      const detail = 'The login needs the app’s secret, and this app is configured without one.';
      throw new HttpProblem('conflict', { detail });
    }
    const query = { appid: appId, secret, js_code: jsCode, grant_type: 'authorization_code' };
    const lane = `logins of ${appId}`;
    const body = await ask(platform, lane, new URLSearchParams(query), policy.upstreamTimeoutMs);
    const fault = faultOf(body);
    if (fault !== undefined) throw problemOf(fault, concealing([secret]));
    const parsed = session.safeParse(body);
    if (!parsed.success) throw unreadable();
    const { openid, session_key: sessionKey, unionid } = parsed.data;
    const answer = { appId, openid, sessionKey, ...(unionid === undefined ? {} : { unionid }) };
    response.set('cache-control', 'no-store').json(answer satisfies CodeToSessionAnswer);
  };
}

/** @throws HttpProblem `upstream_unavailable` */
async function ask(
  platform: PlatformPool,
  lane: string,
  query: URLSearchParams,
  timeoutMs: number,
): Promise<unknown> {
  const target = `/sns/jscode2session?${query}`;
  const headers = { accept: 'application/json', 'user-agent': 'zhongkong' };
  const signal = AbortSignal.timeout(timeoutMs);
  const answer = await platform.call({ lane, method: 'GET', target, headers, body: null, signal });
  // Whatever type it says that it has.
  const body = await readSmall(answer.body, 'application/json', false).catch(() => undefined);
  if (body?.is === 'large') answer.body.destroy();
  if (answer.statusCode !== 200 || body?.is !== 'small') throw unreadable();
  try {
    return parseWechatJson(body.bytes.toString('utf8'));
  } catch {
    throw unreadable();
  }
}

function problemOf({ errcode, errmsg }: WechatFault, conceal: (text: string) => string): HttpProblem {
  const kind = classifyCallFault(errcode);
  const code = kind === 'transient' || kind === 'throttled' ? 'upstream_unavailable' : 'upstream_rejected';
  const detail = ADVICE[errcode] ?? `WeChat answered ${errcode}.`;
  return new HttpProblem(code, { detail, errcode, errmsg: conceal(errmsg) });
}

/** What the codes of this API ask the caller to do. */
const ADVICE: Readonly<Record<number, string>> = {
  40029: 'The code is wrong, too old, or of another app. Have the mini program call wx.login again.',
  40163: 'The code was used before. Have the mini program call wx.login again.',
  40226: 'WeChat has blocked this user’s login as risky.',
};

function unreadable(): HttpProblem {
  const detail =
    'WeChat’s answer cannot be read. The code may be used up: have the mini program call wx.login again.';
  return new HttpProblem('upstream_unavailable', { detail, retryAfterSeconds: 1 });
}
