import type { KeeperState } from './keeper-state.js';
import type { RefreshPolicy } from './policy.js';

/** At most one check of a token is started in this time, however many report it. */
const VERIFY_SPACING_MS = 1_000;

/** The instant from which the current token may be checked (again). */
export function verifiableAtMs(state: KeeperState): number {
  return state.verification === null ? 0 : state.verification.startedAtMs + VERIFY_SPACING_MS;
}

/** Until when clients' word leads to no fetch. */
export function cooldownUntilMs(state: KeeperState, policy: RefreshPolicy): number {
  return state.passiveFetchAtMs === null ? 0 : state.passiveFetchAtMs + policy.passiveCooldownMs;
}
