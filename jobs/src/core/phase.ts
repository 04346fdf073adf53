import { isLive } from '@zhongkong/shared';
import type { CredentialId } from './credential.js';
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

/** A ticket that nobody ever asked for: most apps need none, so none is fetched before somebody does. */
export function isDormant({ kind }: CredentialId, { record }: KeeperState): boolean {
  return kind !== 'access-token' && record === null;
}

/** When a credential has to be looked at next; 0 when that is at once. */
export function dueAtMs({ wakeAtMs }: KeeperState): number {
  return wakeAtMs ?? 0;
}
