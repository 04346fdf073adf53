import { type Lifetime, nextVersion } from '@zhongkong/shared';
import { affordableAtMs, type Spending, spend, spreadWaitMs } from './budget.js';
import type { FetchFailure, StepContext, StepResult } from './event.js';
import {
  type CredentialRecord,
  type Failure,
  FIRST_HINT_SPACING_MS,
  isKnownDead,
  type KeeperState,
  versionOf,
} from './state.js';
import { refreshAtMs, retryAtMs } from './timing.js';
import { liveRecord } from './view.js';

/** Starts an attempt; or, when a budget forbids it, returns the instant from which it is allowed. */
export function startAttempt(
  state: KeeperState,
  spending: Spending,
  context: StepContext,
): StepResult | number {
  const { nowMs, policy, attemptId } = context;
  const affordableAt = affordableAtMs(state.usage, spending, policy, nowMs);
  if (affordableAt > nowMs) return affordableAt;
  const attempt = { id: attemptId, ...spending, startedAtMs: nowMs };
  const usage = spend(state.usage, spending, nowMs);
  return { state: { ...state, attempt, usage }, command: { do: 'fetch', attempt } };
}

/** The state after a failed attempt: the kind of the failure decides when the next one may be made. */
export function fail(state: KeeperState, failed: FetchFailure, context: StepContext): KeeperState {
  const { nowMs, random, policy } = context;
  const { kind, mayHaveSucceeded, ...words } = failed;
  const count = state.failure?.kind === kind ? state.failure.count + 1 : 1;
  // A token that is known to be dead helps nobody, so it gives no time.
  const liveUntilMs = isKnownDead(state) ? null : (liveRecord(state, nowMs)?.expiresAtMs ?? null);
  const soonestMs = nowMs + (isFree(failed) ? 0 : spreadWaitMs(state.usage, policy, count, nowMs));
  const retryAt = Math.max(soonestMs, retryAtMs({ kind, count, liveUntilMs }, nowMs, random));
  const failure: Failure = { kind, ...words, count, atMs: nowMs, retryAtMs: retryAt };
  const doubtSinceMs = state.doubtSinceMs ?? (mayHaveSucceeded ? nowMs : null);
  return planWake({ ...state, attempt: null, failure, doubtSinceMs }, retryAt, nowMs);
}

/** Whether a failed fetch surely never reached WeChat, and so costs nothing. */
export function isFree({ errcode, mayHaveSucceeded }: FetchFailure): boolean {
  return errcode === undefined && !mayHaveSucceeded;
}

/** The state when our own rules allow no attempt before an instant. */
export function refuse(
  state: KeeperState,
  errmsg: string,
  untilMs: number,
  { nowMs }: StepContext,
): KeeperState {
  const failure: Failure = { kind: 'throttled', errmsg, count: 1, atMs: nowMs, retryAtMs: untilMs };
  return planWake({ ...state, attempt: null, failure }, untilMs, nowMs);
}

/** Versions follow the order of the requests, so that a slow answer does not look newer than it is. */
export function newRecord(
  state: KeeperState,
  value: string,
  obtainedAtMs: number,
  lifetime: Lifetime,
): CredentialRecord {
  return { value, version: nextVersion(versionOf(state), obtainedAtMs), obtainedAtMs, ...lifetime };
}

/** The state with a record that is the current one from now on: no attempt, failure or doubt is left. */
export function commit(state: KeeperState, record: CredentialRecord, context: StepContext): KeeperState {
  const { nowMs, random, policy } = context;
  const isNew = record.version !== state.record?.version;
  const nextRefreshAtMs = refreshAtMs(record, policy, nowMs, random);
  const committed: KeeperState = {
    ...state,
    record,
    refreshAtMs: nextRefreshAtMs,
    plannedWith: { leadMs: policy.leadMs, jitterMs: policy.jitterMs },
    attempt: null,
    doubtSinceMs: null,
    suspectVersion: isNew ? null : state.suspectVersion,
    hintSpacingMs: isNew ? FIRST_HINT_SPACING_MS : state.hintSpacingMs,
    failure: null,
  };
  return planWake(committed, nextRefreshAtMs, nowMs);
}

/** The state with the instant of the next session; the same object when that is planned already. */
export function planWake(state: KeeperState, atMs: number, nowMs: number): KeeperState {
  const isPlanned = state.wakeAtMs === atMs && (state.plannedAtMs ?? Number.POSITIVE_INFINITY) <= nowMs;
  return isPlanned ? state : { ...state, wakeAtMs: atMs, plannedAtMs: nowMs };
}
