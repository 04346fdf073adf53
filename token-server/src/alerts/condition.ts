import { budgetsOf, conflictTimes, type KeeperState, type RefreshPolicy } from '@zhongkong/jobs';
import { type Hint, hintFor } from '@zhongkong/shared';
import { type EndingKey, endingClients } from '../clients/ending-keys.js';
import type { AlertKind } from '../config/config-file-schema.js';

/** Something that a person has to act on. */
export interface Condition {
  readonly kind: AlertKind;
  /** The app's id, or the client's name. */
  readonly subject: string;
  /** What grows more pressing is announced anew at each step. @defaultValue announced once */
  readonly step?: number;
  readonly text: Hint;
}

export function conditionsOfApp(
  appId: string,
  state: KeeperState,
  policy: RefreshPolicy,
  nowMs: number,
): Condition[] {
  const found: Condition[] = [];
  const { failure } = state;
  if (failure?.kind === 'misconfigured' || failure?.kind === 'rejected') {
    const fault = [failure.errcode, failure.errmsg].filter((part) => part !== undefined).join(' ');
    const hint = failure.errcode === undefined ? undefined : hintFor(failure.errcode, failure.errmsg);
    found.push({
      kind: 'misconfigured',
      subject: appId,
      text: {
        en: `WeChat refuses to give out tokens for ${appId}: ${fault}. ${hint?.en ?? ''}`.trim(),
        zh: `微信拒绝为 ${appId} 签发 token：${fault}。${hint?.zh ?? ''}`,
      },
    });
  }
  const deaths = conflictTimes(state, nowMs).length;
  if (deaths > 0)
    found.push({
      kind: 'conflict',
      subject: appId,
      text: {
        en: `Somebody else seems to fetch tokens of ${appId}: ${deaths} died early within a day. Give that program a client key of this server, or use stable mode in both.`,
        zh: `似乎有其他程序也在获取 ${appId} 的 token：一天内有 ${deaths} 个提前失效。请让该程序改用本服务的客户端密钥，或双方都使用 stable 模式。`,
      },
    });
  for (const { budget, used, limit, almostUsedUp } of budgetsOf(state.usage, policy, nowMs))
    if (almostUsedUp)
      found.push({
        kind: 'budget',
        subject: appId,
        text: {
          en: `${appId} has used ${used} of ${limit} ${budget === 'forced' ? 'forced refreshes' : 'fetches'} of today. Its history shows which client causes them.`,
          zh: `${appId} 今日的${budget === 'forced' ? '强制刷新' : '获取'}额度已用 ${used}/${limit}，由哪个客户端引起见历史记录。`,
        },
      });
  return found;
}

/** One for a client, also when several of its keys end. */
export function conditionsOfKeys(keys: readonly EndingKey[], nowMs: number): Condition[] {
  return endingClients(keys, nowMs).map(({ client, expiresAtMs, step }) => {
    const at = new Date(expiresAtMs).toISOString();
    return {
      kind: 'expiring-key',
      subject: client,
      step,
      text: {
        en: `The keys of the client ${client} ${step === 0 ? 'have ended' : 'end'} at ${at}. Prolong them with zhongkong clients set, or remove the client.`,
        zh: `客户端 ${client} 的密钥${step === 0 ? '已于' : '将于'} ${at} 到期。请用 zhongkong clients set 延长，或删除该客户端。`,
      },
    };
  });
}
