import { budgetsOf, conflictTimes, type KeeperState, type RefreshPolicy } from '@zhongkong/jobs';
import { type Hint, hintFor } from '@zhongkong/shared';
import type { AlertKind } from '../config/config-file-schema.js';

/** Something that a person has to act on. */
export interface Condition {
  readonly kind: AlertKind;
  /** The app's id, or the client's name. */
  readonly subject: string;
  readonly text: Hint;
}

/** A client key that may end. */
export interface EndingKey {
  readonly client: string;
  /** Undefined: it never ends. */
  readonly expiresAtMs?: number | undefined;
}

/** So long before the end of a client key people are warned. */
const KEY_WARNING_MS = 7 * 86_400_000;

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
  const ending = new Map<string, number>();
  for (const { client, expiresAtMs } of keys) {
    if (expiresAtMs === undefined || expiresAtMs - nowMs > KEY_WARNING_MS) continue;
    ending.set(client, Math.min(expiresAtMs, ending.get(client) ?? Number.POSITIVE_INFINITY));
  }
  return [...ending].map(([client, expiresAtMs]) => {
    const at = new Date(expiresAtMs).toISOString();
    const isOver = expiresAtMs <= nowMs;
    return {
      kind: 'expiring-key',
      subject: client,
      text: {
        en: `A key of the client ${client} ${isOver ? 'has expired' : 'expires'} at ${at}. Make a second key, change over, and revoke this one.`,
        zh: `客户端 ${client} 的密钥${isOver ? '已于' : '将于'} ${at} 过期。请创建第二个密钥，切换后再吊销旧密钥。`,
      },
    };
  });
}
