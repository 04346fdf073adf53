import { isLive } from '@zhongkong/shared';
import { retryAtMs } from './backoff.js';
import { affordableAtMs, type Spending, spend } from './budget.js';
import type { IssueFailure, StepContext, StepResult } from './keeper-event.js';
import type { Failure, KeeperState } from './keeper-state.js';

/** Starts an attempt, or, when the budget does not allow it, writes down until when not. */
export function issue(state: KeeperState, spending: Spending, context: StepContext): StepResult {
  const { nowMs, policy, attemptId } = context;
  const affordableAt = affordableAtMs(state.usage, spending, policy, nowMs);
  if (affordableAt > nowMs) return { state: overBudget(state, affordableAt, context), commands: [] };
  const attempt = { id: attemptId, ...spending, startedAtMs: nowMs };
  return {
    state: { ...state, attempt, usage: spend(state.usage, spending, nowMs) },
    commands: [{ do: 'issue', attempt }],
  };
}

/** The state after a failed attempt: when the next one may be made, by the kind of the fault. */
export function fail(state: KeeperState, failed: IssueFailure, context: StepContext): KeeperState {
  const { nowMs, random } = context;
  const count = state.failure?.kind === failed.kind ? state.failure.count + 1 : 1;
  const liveUntilMs = usableUntilMs(state, nowMs);
  const failure: Failure = {
    kind: failed.kind,
    ...(failed.errcode === undefined ? {} : { errcode: failed.errcode }),
    errmsg: failed.errmsg,
    count,
    atMs: nowMs,
    retryAtMs: retryAtMs({ kind: failed.kind, count, liveUntilMs }, nowMs, random),
  };
  const doubtSinceMs = state.doubtSinceMs ?? (failed.mayHaveIssued ? nowMs : null);
  return { ...state, attempt: null, failure, doubtSinceMs };
}

/** Whether a failure says that the platform must not be asked yet. */
export function backingOff(state: KeeperState, nowMs: number): Failure | null {
  return state.failure !== null && nowMs < state.failure.retryAtMs ? state.failure : null;
}

/** Whether the current value was checked and found dead. */
export function isKnownDead({ record, verification }: KeeperState): boolean {
  return record !== null && verification?.version === record.version && verification.verdict === 'dead';
}

/** Until when the current token helps anybody; null when there is none, or it is known to be dead. */
function usableUntilMs(state: KeeperState, nowMs: number): number | null {
  if (state.record === null || isKnownDead(state) || !isLive(state.record, nowMs)) return null;
  return state.record.expiresAtMs;
}

function overBudget(state: KeeperState, affordableAt: number, { nowMs }: StepContext): KeeperState {
  const failure: Failure = {
    kind: 'exhausted',
    errmsg: 'the budget that the configuration sets for this app does not allow another fetch yet',
    count: 1,
    atMs: nowMs,
    retryAtMs: affordableAt,
  };
  return { ...state, failure };
}
