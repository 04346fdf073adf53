/**
 * How tokens are fetched: `stable` by POST /cgi-bin/stable_token, `classic` by GET /cgi-bin/token, `external` by
 * another system, which pushes them in.
 */
export type FetchMode = 'stable' | 'classic' | 'external';

/** Why WeChat is asked for a token; the words of the history. */
export type RefreshReason = 'bootstrap' | 'scheduled' | 'passive' | 'manual' | 'recovery';

/** The rules for one app's credential. Durations in milliseconds. */
export interface RefreshPolicy {
  readonly mode: FetchMode;
  /** WeChat is asked nothing for this app. A token that lives is given out until its end. */
  readonly isPaused: boolean;
  /** A refresh begins this long before the token's end; at most a quarter of its life. */
  readonly leadMs: number;
  /** Refreshes are spread over this long after the lead began; at most a quarter of the lead. */
  readonly jitterMs: number;
  /** So many fetches may reports cause at once; at least 1. Unforced fetches of stable mode are not counted. */
  readonly passiveBurst: number;
  /** One more each so often. */
  readonly passiveCooldownMs: number;
  /** How often missing, lost or overdue refreshes are found. */
  readonly sweepMs: number;
  /** Longest wait for one answer of WeChat. */
  readonly upstreamTimeoutMs: number;
  /** Fetches a day in classic mode; WeChat allows 2,000. */
  readonly dailyBudget: number;
  /** Forced refreshes a day in stable mode; WeChat allows 20. */
  readonly forceBudget: number;
  /** Shortest time between two forced refreshes; WeChat asks for 30 s. */
  readonly forceSpacingMs: number;
}

/**
 * The defaults. In stable mode WeChat renews a token only in its last 300 s, so a fetch earlier than 290 s before the
 * end would bring back the same one. In classic mode 900 s leave room for many tries.
 * @see https://developers.weixin.qq.com/doc/service/api/base/api_getstableaccesstoken
 */
export function defaultPolicy(mode: FetchMode): RefreshPolicy {
  return {
    mode,
    isPaused: false,
    leadMs: mode === 'stable' ? 290_000 : 900_000,
    jitterMs: 60_000,
    passiveBurst: 10,
    passiveCooldownMs: 30_000,
    sweepMs: 30_000,
    upstreamTimeoutMs: 5_000,
    dailyBudget: 2_000,
    forceBudget: 20,
    forceSpacingMs: 30_000,
  };
}

/** The rules for an app's tickets: WeChat has one way to fetch them, and no force. */
export function ticketPolicy(policy: RefreshPolicy): RefreshPolicy {
  return { ...policy, mode: 'classic', leadMs: Math.max(policy.leadMs, defaultPolicy('classic').leadMs) };
}

/**
 * The rules for a server that cannot reach Redis; null: it must not fetch. In stable mode an unforced fetch brings all
 * servers the same token, so it harms nobody; a forced one would end the token of the others.
 * @param isOnlyServer no other server can be on this Redis
 */
export function policyWithoutRedis(policy: RefreshPolicy, isOnlyServer: boolean): RefreshPolicy | null {
  if (isOnlyServer) return policy;
  return policy.mode === 'stable' ? { ...policy, forceBudget: 0 } : null;
}
