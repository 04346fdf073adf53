import type { WechatClient } from '@zhongkong/jobs';
import type { AppConfig } from '../config/config.js';
import { askAboutSecret } from '../registry/try-secret.js';
import type { SecretAnswer } from './app-findings.js';

const TRIES_MAX = 100;
const AT_A_TIME = 10;
/** After this no further app is begun; one takes five seconds at most. */
const BEGIN_WITHIN_MS = 5_000;

/**
 * Asks WeChat about the secrets of apps: a hundred at most, those that come first. Paused apps, and those whose token
 * another system fetches, are left alone. Costs no living token: see `askAboutSecret`.
 */
export async function tryApps(
  wechat: WechatClient,
  apps: Iterable<AppConfig>,
): Promise<ReadonlyMap<string, SecretAnswer>> {
  const answers = new Map<string, SecretAnswer>();
  const due: { appId: string; secret: string }[] = [];
  for (const { appId, secret, policy } of apps) {
    if (due.length === TRIES_MAX) break;
    if (secret !== null && policy.mode !== 'external' && !policy.isPaused) due.push({ appId, secret });
  }
  const endsAt = performance.now() + BEGIN_WITHIN_MS;
  async function work(): Promise<void> {
    for (let next = due.shift(); next !== undefined; next = due.shift()) {
      if (performance.now() > endsAt) return;
      answers.set(next.appId, await ask(wechat, next.appId, next.secret));
    }
  }
  await Promise.all(Array.from({ length: AT_A_TIME }, work));
  return answers;
}

async function ask(wechat: WechatClient, appId: string, secret: string): Promise<SecretAnswer> {
  const answer = await askAboutSecret(wechat, appId, secret);
  if (answer.is === 'fault') return { is: 'fault', ...answer.fault };
  const isToken = answer.is === 'success' && typeof answer.body.access_token === 'string';
  return { is: isToken ? 'accepted' : 'no-answer' };
}
