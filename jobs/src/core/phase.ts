import { isLive } from '@zhongkong/shared';
import { isKnownDead } from './issue.js';
import type { KeeperState } from './keeper-state.js';

/**
 * Where a credential stands; derived, never stored.
 * - `missing`: there never was one
 * - `fresh`: alive, and not due
 * - `due`: alive, and being replaced
 * - `dead`: found dead before its time
 * - `expired`: dead of age
 */
export type Phase = 'missing' | 'fresh' | 'due' | 'dead' | 'expired';

export function phaseOf(state: KeeperState, nowMs: number): Phase {
  if (state.record === null) return 'missing';
  if (!isLive(state.record, nowMs)) return 'expired';
  if (isKnownDead(state)) return 'dead';
  return state.doubtSinceMs === null && nowMs < (state.refreshAtMs ?? 0) ? 'fresh' : 'due';
}

/**
 * When a credential has to be looked at next: at once when something is wrong with it, but never while the platform
 * must not be asked.
 */
export function dueAtMs(state: KeeperState): number {
  const needsFetch = state.record === null || state.doubtSinceMs !== null || isKnownDead(state);
  const wantedAtMs = needsFetch ? 0 : (state.refreshAtMs ?? 0);
  return Math.max(wantedAtMs, state.failure?.retryAtMs ?? 0);
}
