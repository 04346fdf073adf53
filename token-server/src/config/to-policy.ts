import { defaultPolicy, type FetchMode, type RefreshPolicy } from '@zhongkong/jobs/keeper';
import type { PolicyInput } from './config-file-schema.js';

/** The same in the words and units of the configuration file. */
export function policyInSeconds(policy: RefreshPolicy): Record<string, number> {
  return {
    refreshLead: policy.leadMs / 1000,
    refreshJitter: policy.jitterMs / 1000,
    passiveBurst: policy.passiveBurst,
    passiveCooldown: policy.passiveCooldownMs / 1000,
    sweep: policy.sweepMs / 1000,
    upstreamTimeout: policy.upstreamTimeoutMs / 1000,
    dailyBudget: policy.dailyBudget,
    forceBudget: policy.forceBudget,
    forceSpacing: policy.forceSpacingMs / 1000,
  };
}

/** The policy of one app: its own values, then those for all apps, then the defaults. Seconds become milliseconds. */
export function toPolicy(mode: FetchMode, forAll: PolicyInput, own: PolicyInput = {}): RefreshPolicy {
  const defaults = defaultPolicy(mode);
  const given = { ...forAll, ...own };
  const ms = (seconds: number | undefined, defaultMs: number) =>
    seconds === undefined ? defaultMs : Math.round(seconds * 1000);
  return {
    mode,
    isPaused: false,
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
