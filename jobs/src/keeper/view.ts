import { isLive } from '@zhongkong/shared';
import type { RefreshPolicy } from './policy.js';
import { type CredentialId, type CredentialRecord, isKnownDead, type KeeperState } from './state.js';
import { againAtMs, CLOCK_ERROR_MS } from './timing.js';

/**
 * Where a credential stands; derived, never stored.
 * - `missing`: there never was one
 * - `fresh`: alive, and not due
 * - `due`: alive, and being replaced
 * - `dead`: found dead before its end
 * - `expired`: past its end
 */
export type Phase = 'missing' | 'fresh' | 'due' | 'dead' | 'expired';

export function phaseOf(state: KeeperState, nowMs: number): Phase {
  if (state.record === null) return 'missing';
  if (!isLive(state.record, nowMs)) return 'expired';
  if (isKnownDead(state)) return 'dead';
  return state.doubtSinceMs === null && nowMs < (state.refreshAtMs ?? 0) ? 'fresh' : 'due';
}

/** The record that can be given out; null when there is none. */
export function liveRecord({ record }: KeeperState, nowMs: number): CredentialRecord | null {
  return record !== null && isLive(record, nowMs) ? record : null;
}

/**
 * When WeChat may be asked for a token again after a failure; null: now. The only reader of `failure.retryAtMs`. An
 * instant further ahead than the failure's own wait was written under another clock, and does not count.
 */
export function mayAskAtMs({ failure }: KeeperState, nowMs: number): number | null {
  if (failure === null) return null;
  const atMs = againAtMs(failure.atMs, failure.retryAtMs - failure.atMs, nowMs);
  return nowMs < atMs ? atMs : null;
}

/** When the current token was last seen alive: by a check, or when it was fetched; null: never, or it is known to be dead. */
export function seenAliveAtMs(state: KeeperState): number | null {
  const { record, lastCheck } = state;
  if (record === null || isKnownDead(state)) return null;
  const isCheckedAlive = lastCheck?.version === record.version && lastCheck.verdict === 'alive';
  return isCheckedAlive ? Math.max(lastCheck.startedAtMs, record.obtainedAtMs) : record.obtainedAtMs;
}

/** A ticket that nobody has asked for yet. Most apps need none, so none is fetched before it is needed. */
export function isDormant({ kind }: CredentialId, { record }: KeeperState): boolean {
  return kind !== 'access-token' && record === null;
}

/** When the next session is due; 0: at once. A plan from a clock that was set back is void. */
export function dueAtMs({ wakeAtMs, plannedAtMs, record }: KeeperState, nowMs: number): number {
  const writtenAtMs = Math.max(plannedAtMs ?? 0, record?.obtainedAtMs ?? 0);
  return writtenAtMs > nowMs + CLOCK_ERROR_MS ? 0 : (wakeAtMs ?? 0);
}

const EARLY_DEATHS_WATCHED_MS = 86_400_000;
const EARLY_DEATHS_KEPT = 10;
/** One early death can have many reasons. From the second within a day, somebody else fetches. */
const DEATHS_OF_A_CONFLICT = 2;

/** The early deaths after a check that found the current token dead. */
export function earlyDeathsAfter(
  state: KeeperState,
  { mode }: RefreshPolicy,
  nowMs: number,
): readonly number[] {
  const { record, doubtSinceMs, earlyDeathsAtMs } = state;
  // In doubt, our own lost fetch may have ended the token. A death that is known already is no second one. In external
  // mode somebody else fetches by design.
  const isEarly = record !== null && isLive(record, nowMs) && doubtSinceMs === null && !isKnownDead(state);
  if (!isEarly || mode === 'external') return earlyDeathsAtMs;
  const recent = earlyDeathsAtMs.filter((atMs) => nowMs - atMs < EARLY_DEATHS_WATCHED_MS);
  return [...recent, nowMs].slice(-EARLY_DEATHS_KEPT);
}

/** When tokens died early within the last day, if more than one did: somebody else fetches for the same app. */
export function conflictTimes(state: KeeperState, nowMs: number): readonly number[] {
  const recent = state.earlyDeathsAtMs.filter((atMs) => nowMs - atMs < EARLY_DEATHS_WATCHED_MS);
  return recent.length >= DEATHS_OF_A_CONFLICT ? recent : [];
}
