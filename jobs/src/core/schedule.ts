import type { Lifetime } from '@zhongkong/shared';
import type { RefreshPolicy } from './policy.js';

/** Nothing is planned closer than this, so that no sequence of answers can make a loop that spins. */
const STEP_MS_MIN = 200;

/**
 * When the next scheduled refresh of a token is due: the lead before its end, moved towards the end by the
 * jitter. Strictly in the future, and before the token's end whenever that leaves room for the smallest step.
 *
 * Lead and jitter shrink with a short life: a quarter of what is left is always kept for failed tries, and a
 * sixteenth at most is given to jitter, so that clients (who ask again after a tenth of the life) hold the
 * new token before the old one ends.
 */
export function refreshAtMs(
  lifetime: Lifetime,
  policy: RefreshPolicy,
  nowMs: number,
  random: number,
): number {
  const leftMs = lifetime.expiresAtMs - nowMs;
  const leadMs = Math.min(policy.leadMs, leftMs / 4);
  const jitterMs = Math.min(policy.jitterMs, leadMs / 4) * random;
  const wantedAtMs = lifetime.expiresAtMs - leadMs + jitterMs;
  return Math.max(wantedAtMs, nowMs + STEP_MS_MIN);
}
