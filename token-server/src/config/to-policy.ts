import { defaultPolicy, type FetchMode, type RefreshPolicy } from '@zhongkong/jobs/keeper';
import type { PolicyInput } from './config-file-schema.js';

/** The policy of one app: its own values, then those for all apps, then the defaults. Seconds become milliseconds. */
export function toPolicy(mode: FetchMode, forAll: PolicyInput, own: PolicyInput = {}): RefreshPolicy {
  const defaults = defaultPolicy(mode);
  const given = { ...forAll, ...own };
  const ms = (seconds: number | undefined, defaultMs: number) =>
    seconds === undefined ? defaultMs : Math.round(seconds * 1000);
  return {
    mode,
    leadMs: ms(given.refreshLead, defaults.leadMs),
    jitterMs: ms(given.refreshJitter, defaults.jitterMs),
    passiveBurst: given.passiveBurst ?? defaults.passiveBurst,
    passiveCooldownMs: ms(given.passiveCooldown, defaults.passiveCooldownMs),
    sweepMs: ms(given.sweep, defaults.sweepMs),
    upstreamTimeoutMs: ms(given.upstreamTimeout, defaults.upstreamTimeoutMs),
    dailyBudget: given.dailyBudget ?? defaults.dailyBudget,
    forceBudget: given.forceBudget ?? defaults.forceBudget,
    forceSpacingMs: ms(given.forceSpacing, defaults.forceSpacingMs),
  };
}
