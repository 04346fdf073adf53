import { isLive } from '@zhongkong/shared';
import { retryAtMs } from './backoff.js';
import { affordableAtMs, type Spending, spend } from './budget.js';
import type { IssueFailure, StepContext, StepResult } from './keeper-event.js';
import type { Failure, KeeperState } from './keeper-state.js';
import { againAtMs } from './spacing.js';

/** Starts an attempt; or, when the budget does not allow it, says from when on it does. */
export function issue(state: KeeperState, spending: Spending, context: StepContext): StepResult | number {
  const { nowMs, policy, attemptId } = context;
  const affordableAt = affordableAtMs(state.usage, spending, policy, nowMs);
  if (affordableAt > nowMs) return affordableAt;
  const attempt = { id: attemptId, ...spending, startedAtMs: nowMs };
  const usage = spend(state.usage, spending, nowMs);
  return { state: { ...state, attempt, usage }, commands: [{ do: 'issue', attempt }] };
}

/** The state after a failed attempt: when the next one may be made, by the kind of the fault. */
export function fail(state: KeeperState, failed: IssueFailure, context: StepContext): KeeperState {
  const { nowMs, random } = context;
  const { kind, mayHaveIssued, ...words } = failed;
  const count = state.failure?.kind === kind ? state.failure.count + 1 : 1;
  const retryAt = retryAtMs({ kind, count, liveUntilMs: usableUntilMs(state, nowMs) }, nowMs, random);
  const failure: Failure = { kind, ...words, count, atMs: nowMs, retryAtMs: retryAt };
  const doubtSinceMs = state.doubtSinceMs ?? (mayHaveIssued ? nowMs : null);
  return { ...state, attempt: null, failure, wakeAtMs: retryAt, doubtSinceMs };
}

/** The state when our own rules allow no attempt before an instant. */
export function refuse(
  state: KeeperState,
  errmsg: string,
  untilMs: number,
  { nowMs }: StepContext,
): KeeperState {
  const failure: Failure = { kind: 'throttled', errmsg, count: 1, atMs: nowMs, retryAtMs: untilMs };
  return { ...state, attempt: null, failure, wakeAtMs: untilMs };
}

/**
 * When WeChat may be asked for a token again after a failure; null: now. The only reader of `failure.retryAtMs`. An instant
 * further ahead than the failure's own distance was written under another clock, and does not count.
 */
export function mayAskAtMs({ failure }: KeeperState, nowMs: number): number | null {
  if (failure === null) return null;
  const atMs = againAtMs(failure.atMs, failure.retryAtMs - failure.atMs, nowMs);
  return nowMs < atMs ? atMs : null;
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
