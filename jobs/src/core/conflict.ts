import { isLive } from '@zhongkong/shared';
import { isKnownDead } from './issue.js';
import type { KeeperState } from './keeper-state.js';

const WATCHED_MS = 86_400_000;
const KEPT = 10;
/** One early death can have many reasons; from the second within a day on, somebody else fetches. */
const DEATHS_OF_A_CONFLICT = 2;

/** The early deaths after one more check that found the current token dead. */
export function earlyDeathsAfter(state: KeeperState, nowMs: number): readonly number[] {
  const { record, doubtSinceMs, earlyDeathsAtMs } = state;
  // In doubt it may be our own lost fetch that ended the token; and a death already known is no second one.
  const isEarly = record !== null && isLive(record, nowMs) && doubtSinceMs === null && !isKnownDead(state);
  return isEarly
    ? [...earlyDeathsAtMs.filter((atMs) => nowMs - atMs < WATCHED_MS), nowMs].slice(-KEPT)
    : earlyDeathsAtMs;
}

/** When tokens died early within the last day, if that was more than once: somebody else fetches for the same app. */
export function conflictTimes(state: KeeperState, nowMs: number): readonly number[] {
  const recent = state.earlyDeathsAtMs.filter((atMs) => nowMs - atMs < WATCHED_MS);
  return recent.length >= DEATHS_OF_A_CONFLICT ? recent : [];
}
