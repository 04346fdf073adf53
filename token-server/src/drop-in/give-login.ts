import type { WechatAnswer, WechatClient } from '@zhongkong/jobs';
import { redact } from '@zhongkong/shared';
import { type AuthorizeKeyDeps, authorizeKey } from './authorize-key.js';
import { DropInFault, faultOfCode } from './drop-in-fault.js';
import { withoutRid } from './fault-of-error.js';
import type { LoginRequest } from './token-request.js';

export interface GiveLoginDeps extends AuthorizeKeyDeps {
  readonly wechat: WechatClient;
}

/** For calls that name no app. */
const TIMEOUT_MS = 5_000;

/**
 * A login call that takes the AppSecret: made with the secret in place of the client key.
 * @param path at WeChat, without a leading slash @throws DropInFault
 */
export async function giveLogin(deps: GiveLoginDeps, path: string, request: LoginRequest): Promise<object> {
  const { settings } = (await authorizeKey(deps, request, 'login')).app;
  const { appId, secret, policy } = settings;
  // The app is configured without a secret.
  if (secret === null) throw faultOfCode(50004);
  const query = { ...request.query, appid: appId, secret };
  return bodyOf(await deps.wechat.get(path, query, policy.upstreamTimeoutMs), [secret]);
}

/** A call with a user's own token, which WeChat itself checks: passed on as it is. @throws DropInFault */
export async function passUserCall(
  { wechat }: GiveLoginDeps,
  path: string,
  query: Readonly<Record<string, string>>,
): Promise<object> {
  return bodyOf(await wechat.get(path, query, TIMEOUT_MS), []);
}

function bodyOf(answer: WechatAnswer, secrets: readonly string[]): object {
  if (answer.is === 'success') return answer.body;
  if (answer.is === 'no-answer') throw faultOfCode(-1, answer.detail);
  const { errcode, errmsg } = answer.fault;
  throw new DropInFault(redact(withoutRid(errmsg), secrets), { errcode });
}
