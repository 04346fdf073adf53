import { budgetsOf, conflictTimes, type KeeperState, type WechatClient } from '@zhongkong/jobs';
import type { AppConfig } from '../config/config.js';
import { type AppFacts, appFindings, refusedAddresses, type SecretAnswer } from './app-findings.js';
import type { Finding } from './finding.js';
import { tryApps } from './try-apps.js';
import { lookAtWechat, type WayOut } from './wechat-facts.js';
import { wechatFindings } from './wechat-findings.js';

/** An app, and what is known of its access token; null: nothing. */
export interface KnownApp {
  readonly settings: AppConfig;
  readonly state: KeeperState | null;
}

export interface WechatDeps {
  readonly way: WayOut;
  readonly wechat: WechatClient;
  /** This machine's own clock. */
  readonly wallMs: () => number;
  /** The clock by which states are read. */
  readonly nowMs: () => number;
}

/** All that has to do with WeChat: the way there, the secrets, other programs, the budgets. Never rejects. */
export async function examineWechat(
  { way, wechat, wallMs, nowMs }: WechatDeps,
  apps: readonly KnownApp[],
): Promise<Finding[]> {
  const facts = await lookAtWechat(way, wallMs);
  const isThere = facts.reach.is === 'answered' && facts.reach.isWechat;
  const answers = isThere ? await tryApps(wechat, inTrouble(apps)) : new Map<string, SecretAnswer>();
  const ofApps = apps.map((app) => factsOf(app, answers.get(app.settings.appId), nowMs()));
  return [...wechatFindings(facts, refusedAddresses(ofApps)), ...appFindings(ofApps)];
}

/** Those that have failed first, since not all may be tried. */
function inTrouble(apps: readonly KnownApp[]): AppConfig[] {
  const failing = apps.filter(({ state }) => state !== null && state.failure !== null);
  const others = apps.filter((app) => !failing.includes(app));
  return [...failing, ...others].map(({ settings }) => settings);
}

/** An app that was not tried answers as it did the last time, if that failed. */
function factsOf(
  { settings: { appId, policy }, state }: KnownApp,
  answer: SecretAnswer | undefined,
  nowMs: number,
): AppFacts {
  const { errcode, errmsg = '' } = state?.failure ?? {};
  const last: SecretAnswer | null = errcode === undefined ? null : { is: 'fault', errcode, errmsg };
  return {
    appId,
    answer: answer ?? last,
    conflictTimes: state === null ? null : conflictTimes(state, nowMs),
    budgets: state === null ? null : budgetsOf(state.usage, policy, nowMs),
  };
}
