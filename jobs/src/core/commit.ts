import { type Lifetime, nextVersion } from '@zhongkong/shared';
import type { StepContext } from './keeper-event.js';
import { type CredentialRecord, FIRST_HINT_SPACING_MS, type KeeperState } from './keeper-state.js';
import { refreshAtMs } from './schedule.js';
import { versionOf } from './state-age.js';

/** Versions follow the order of the requests, so that an answer that was long on its way does not look newer. */
export function newRecord(
  state: KeeperState,
  value: string,
  obtainedAtMs: number,
  lifetime: Lifetime,
): CredentialRecord {
  return { value, version: nextVersion(versionOf(state), obtainedAtMs), obtainedAtMs, ...lifetime };
}

/** The state with a record that is the current one from now on: nothing is outstanding, failed or in doubt. */
export function commit(state: KeeperState, record: CredentialRecord, context: StepContext): KeeperState {
  const { nowMs, random, policy } = context;
  const isNew = record.version !== state.record?.version;
  const nextRefreshAtMs = refreshAtMs(record, policy, nowMs, random);
  return {
    ...state,
    record,
    refreshAtMs: nextRefreshAtMs,
    wakeAtMs: nextRefreshAtMs,
    attempt: null,
    doubtSinceMs: null,
    suspectVersion: isNew ? null : state.suspectVersion,
    hintSpacingMs: isNew ? FIRST_HINT_SPACING_MS : state.hintSpacingMs,
    failure: null,
  };
}
