import { backOffMs, type FaultKind, type Lifetime } from '@zhongkong/shared';
import type { RefreshPolicy } from './policy.js';
import { FIRST_HINT_SPACING_MS, type KeeperState, type Verdict } from './state.js';

/** Nothing is planned closer than this, so that no sequence of answers makes a hot loop. */
const STEP_MS_MIN = 200;

/**
 * When the next scheduled refresh of a token is due: the lead before its end, moved towards the end by the jitter.
 * Always in the future, and before the token's end if that leaves room for the smallest step.
 *
 * Lead and jitter shrink with a short life: a quarter of it is kept for failed tries, and a sixteenth at most goes to
 * jitter, so that clients (who ask again after a tenth of the life) have the new token before the old one ends.
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

interface BackOffRange {
  readonly firstMs: number;
  readonly maxMs: number;
}

/** Without a living token nobody can work, so every second counts. With one there is time. */
const TRANSIENT_WITHOUT_TOKEN: BackOffRange = { firstMs: 500, maxMs: 5_000 };
const TRANSIENT: BackOffRange = { firstMs: 1_000, maxMs: 60_000 };
/** WeChat counts this quota by the minute. */
const THROTTLED: BackOffRange = { firstMs: 80_000, maxMs: 80_000 };
/** Only an operator can mend it, and WeChat blocks addresses that ask too often. */
const MISCONFIGURED: BackOffRange = { firstMs: 60_000, maxMs: 600_000 };

/** Of a budget that is used up, ours or WeChat's, so much is tried all the same: somebody may have cleared the quota. */
export const RARE_TRY_MS = 600_000;
const EXHAUSTED: BackOffRange = { firstMs: RARE_TRY_MS, maxMs: RARE_TRY_MS };

export interface FailedTries {
  readonly kind: FaultKind;
  /** Failures of this kind in a row, this one included: 1 or more. */
  readonly count: number;
  /** The end of the token that is still in use, or null when none is alive. */
  readonly liveUntilMs: number | null;
}

/**
 * When WeChat is asked again after a failure. The waits double, are spread, and never use up more than a quarter of the
 * life that the current token has left.
 */
export function retryAtMs(tries: FailedTries, nowMs: number, random: number): number {
  const range = rangeFor(tries);
  const waitMs = backOffMs({ ...range, failures: tries.count, random });
  if (tries.kind !== 'transient' || tries.liveUntilMs === null) return nowMs + waitMs;
  return nowMs + Math.max(range.firstMs / 4, Math.min(waitMs, (tries.liveUntilMs - nowMs) / 4));
}

function rangeFor({ kind, liveUntilMs }: FailedTries): BackOffRange {
  if (kind === 'misconfigured' || kind === 'rejected') return MISCONFIGURED;
  if (kind === 'exhausted') return EXHAUSTED;
  if (kind === 'throttled') return THROTTLED;
  return liveUntilMs === null ? TRANSIENT_WITHOUT_TOKEN : TRANSIENT;
}

/** An instant further ahead than this was written under another clock: it was set back, or Redis failed over. */
export const CLOCK_ERROR_MS = 10_000;

/**
 * When something may be done again that was done at an instant and keeps a distance. An instant further ahead than the
 * distance was written under another clock; it does not count, since waiting for it could take for ever.
 */
export function againAtMs(doneAtMs: number, distanceMs: number, nowMs: number): number {
  return doneAtMs > nowMs + distanceMs ? nowMs : doneAtMs + distanceMs;
}

/** Checks are at least this far apart, however many reports come. */
const CHECK_SPACING_MS = 1_000;
/** Nobody waits for a check that a report left behind, so WeChat is not pressed for it. */
const SUSPECT_SPACING_MS = 30_000;
/** Longest distance between two checks on hints. A hint waits for the next check, so this is its longest wait. */
const HINT_SPACING_MAX_MS = 2_000;
/** The same when a check cannot tell, as when WeChat's quota of checks is used up. */
const HINT_SPACING_UNCLEAR_MS = 60_000;

/** When the next check may start. */
export function checkableAtMs(
  { lastCheck, hintSpacingMs }: KeeperState,
  nowMs: number,
  onHint = false,
): number {
  if (lastCheck === null) return nowMs;
  const spacingMs = onHint ? Math.max(CHECK_SPACING_MS, hintSpacingMs) : CHECK_SPACING_MS;
  return againAtMs(lastCheck.startedAtMs, spacingMs, nowMs);
}

/** When the suspect version may be checked again. */
export function suspectCheckableAtMs(state: KeeperState, nowMs: number): number {
  const { lastCheck, suspectVersion } = state;
  const wasTried = lastCheck?.version === suspectVersion && lastCheck?.verdict === 'unreachable';
  return wasTried ? againAtMs(lastCheck.startedAtMs, SUSPECT_SPACING_MS, nowMs) : checkableAtMs(state, nowMs);
}

/** The distance of checks on hints after one more check on a hint. */
export function hintSpacingAfter(verdict: Verdict, hintSpacingMs: number): number {
  if (verdict === 'dead') return FIRST_HINT_SPACING_MS;
  if (verdict === 'unclear') return HINT_SPACING_UNCLEAR_MS;
  return verdict === 'alive' ? Math.min(HINT_SPACING_MAX_MS, hintSpacingMs * 2) : hintSpacingMs;
}

/**
 * When reports may cause a fetch: a token bucket that holds `passiveBurst` fetches and gets one more each
 * `passiveCooldownMs`. An unforced fetch of stable mode takes nothing from it.
 */
export function passiveAllowedAtMs(
  state: KeeperState,
  policy: RefreshPolicy,
  nowMs: number,
  force = false,
): number {
  if (policy.mode !== 'classic' && !force) return nowMs;
  const emptiedMs = (policy.passiveBurst - 1) * policy.passiveCooldownMs;
  return Math.max(nowMs, bucketFullAtMs(state, policy, nowMs) - emptiedMs);
}

/** The bucket after one more fetch that a report caused. */
export function takePassive(
  state: KeeperState,
  policy: RefreshPolicy,
  nowMs: number,
  force: boolean,
): number | null {
  if (policy.mode !== 'classic' && !force) return state.passiveFullAtMs;
  return bucketFullAtMs(state, policy, nowMs) + policy.passiveCooldownMs;
}

function bucketFullAtMs({ passiveFullAtMs }: KeeperState, policy: RefreshPolicy, nowMs: number): number {
  // A bucket cannot take longer than this to fill, so a later instant was written under another clock.
  const isPlausible = (passiveFullAtMs ?? 0) <= nowMs + policy.passiveBurst * policy.passiveCooldownMs;
  return isPlausible ? Math.max(nowMs, passiveFullAtMs ?? 0) : nowMs;
}
