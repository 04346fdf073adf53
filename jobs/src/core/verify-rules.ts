import type { KeeperState } from './keeper-state.js';
import type { RefreshPolicy } from './policy.js';

/** Checks are at least this far apart, however many reports come. */
const VERIFY_SPACING_MS = 1_000;
/** Hints are not followed more rarely than this. */
const HINT_SPACING_MAX_MS = 60_000;

/** The instant from which a check may be started (again); a stored instant that lies in the future counts as now. */
export function verifiableAtMs(
  { verification, hintSpacingMs }: KeeperState,
  nowMs: number,
  onHint = false,
): number {
  if (verification === null) return nowMs;
  const spacingMs = onHint ? Math.max(VERIFY_SPACING_MS, hintSpacingMs) : VERIFY_SPACING_MS;
  return Math.min(verification.startedAtMs, nowMs) + spacingMs;
}

/** The distance of hint-led checks after one more check that found the token alive. */
export function widened(hintSpacingMs: number): number {
  return Math.min(HINT_SPACING_MAX_MS, hintSpacingMs * 2);
}

/** Until when clients' word leads to no fetch. */
export function cooldownUntilMs(
  { passiveFetchAtMs }: KeeperState,
  policy: RefreshPolicy,
  nowMs: number,
): number {
  return passiveFetchAtMs === null ? nowMs : Math.min(passiveFetchAtMs, nowMs) + policy.passiveCooldownMs;
}
