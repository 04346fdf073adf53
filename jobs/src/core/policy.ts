/**
 * How tokens are fetched: `stable` by POST /cgi-bin/stable_token, `classic` by GET /cgi-bin/token, `external` by
 * another system, which pushes them in.
 */
export type IssueMode = 'stable' | 'classic' | 'external';

/** The rules by which one app's credential is refreshed. Durations in milliseconds. */
export interface RefreshPolicy {
  readonly mode: IssueMode;
  /** Refresh this long before expiry; shortened to a quarter of a short life. */
  readonly leadMs: number;
  /** Refreshes are spread over this long after the lead began; shortened to a quarter of the lead. */
  readonly jitterMs: number;
  /** At most one fetch on clients' word in this time. */
  readonly passiveCooldownMs: number;
  /** How often what was missed or lost is found. */
  readonly sweepMs: number;
  /** Longest wait for one answer of the platform. */
  readonly upstreamTimeoutMs: number;
  /** Fetches a day in classic mode; the platform allows 2,000. */
  readonly dailyBudget: number;
  /** Forced refreshes a day in stable mode; the platform allows 20. */
  readonly forceBudget: number;
  /** Shortest time between two forced refreshes; the platform asks for 30 s. */
  readonly forceSpacingMs: number;
}

/**
 * The defaults. In stable mode the platform renews only inside the last 300 s of a token, so asking earlier than
 * 290 s before its end would bring back the same one; in classic mode 900 s leave room for many tries.
 * @see https://developers.weixin.qq.com/doc/service/api/base/api_getstableaccesstoken
 */
export function defaultPolicy(mode: IssueMode): RefreshPolicy {
  return {
    mode,
    leadMs: mode === 'stable' ? 290_000 : 900_000,
    jitterMs: 60_000,
    passiveCooldownMs: 30_000,
    sweepMs: 30_000,
    upstreamTimeoutMs: 5_000,
    dailyBudget: 2_000,
    forceBudget: 20,
    forceSpacingMs: 30_000,
  };
}
