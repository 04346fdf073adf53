import type { KeeperState } from './keeper-state.js';
import type { RefreshPolicy } from './policy.js';
import { againAtMs } from './spacing.js';

/** Checks are at least this far apart, however many reports come. */
const VERIFY_SPACING_MS = 1_000;
/** Nobody waits for the outcome of a check that a report left behind, so the platform is not pressed for it. */
const SUSPICION_SPACING_MS = 30_000;
/** Hints are not followed more rarely than this. */
const HINT_SPACING_MAX_MS = 60_000;

/** The instant from which a check may be started (again). */
export function verifiableAtMs(
  { verification, hintSpacingMs }: KeeperState,
  nowMs: number,
  onHint = false,
): number {
  if (verification === null) return nowMs;
  const spacingMs = onHint ? Math.max(VERIFY_SPACING_MS, hintSpacingMs) : VERIFY_SPACING_MS;
  return againAtMs(verification.startedAtMs, spacingMs, nowMs);
}

/** The instant from which a suspicion may be looked at again. */
export function suspicionCheckableAtMs(state: KeeperState, nowMs: number): number {
  const { verification, suspectVersion } = state;
  const wasTried = verification?.version === suspectVersion && verification?.verdict === 'unreachable';
  return wasTried
    ? againAtMs(verification.startedAtMs, SUSPICION_SPACING_MS, nowMs)
    : verifiableAtMs(state, nowMs);
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
  return passiveFetchAtMs === null ? nowMs : againAtMs(passiveFetchAtMs, policy.passiveCooldownMs, nowMs);
}
