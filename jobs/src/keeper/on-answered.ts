import { isLive } from '@zhongkong/shared';
import { commit, fail, isFree, newRecord, refuse, startAttempt } from './attempt.js';
import { refund } from './budget.js';
import type { Fetched, FetchFailure, KeeperEvent, StepContext, StepResult } from './event.js';
import { type Attempt, type CredentialRecord, isKnownDead, type KeeperState } from './state.js';
import { passiveAllowedAtMs, takePassive } from './timing.js';

type Answered = Extract<KeeperEvent, { type: 'answered' }>;

/** An unforced fetch costs nothing in stable mode, and shows whether somebody else has replaced a dead token. */
const ASK_AGAIN_MS = 60_000;

/** An answer to another attempt than the outstanding one is late, and changes nothing. */
export function onAnswered(state: KeeperState, answer: Answered, context: StepContext): StepResult {
  const { attempt } = state;
  if (attempt?.id !== answer.attemptId) return { state, command: null };
  return 'fetched' in answer.outcome
    ? onFetched(state, attempt, answer.outcome.fetched, context)
    : { state: onFailed(state, attempt, answer.outcome.failure, context), command: null };
}

function onFetched(
  state: KeeperState,
  attempt: Attempt,
  { value, expiresInMs, requestedAtMs }: Fetched,
  context: StepContext,
): StepResult {
  const { record } = state;
  const lifetime = { expiresAtMs: requestedAtMs + expiresInMs, lifeMs: expiresInMs };
  if (!isLive(lifetime, context.nowMs)) {
    const errmsg = 'the token had expired when it arrived';
    const failure = { kind: 'transient', errmsg, mayHaveSucceeded: true } as const;
    return { state: fail(state, failure, context), command: null };
  }
  if (record?.value !== value) {
    const fresh = newRecord(state, value, requestedAtMs, lifetime);
    return { state: settle(state, attempt, fresh, context), command: null };
  }
  if (isKnownDead(state)) return forceOrAskAgain(state, attempt, context);
  // WeChat still gives out the token that we have: as good as a check that began with the request.
  const lastCheck = { version: record.version, startedAtMs: requestedAtMs, verdict: 'alive' } as const;
  const obtainedAtMs = Math.min(record.obtainedAtMs, requestedAtMs);
  const extended = { ...record, obtainedAtMs, expiresAtMs: lifetime.expiresAtMs };
  return { state: settle({ ...state, lastCheck }, attempt, extended, context), command: null };
}

function onFailed(
  state: KeeperState,
  attempt: Attempt,
  failure: FetchFailure,
  context: StepContext,
): KeeperState {
  if (isFree(failure)) {
    return fail({ ...state, usage: refund(state.usage, attempt) }, failure, context);
  }
  if (!attempt.force || failure.kind !== 'exhausted') return fail(state, failure, context);
  // The day's forced refreshes are few, and everybody who has the secret uses them up. Unforced ones have their own quota.
  const usage = { ...state.usage, forced: Math.max(state.usage.forced, context.policy.forceBudget) };
  return fail({ ...state, usage }, { ...failure, kind: 'throttled' }, context);
}

/**
 * In stable mode WeChat gives back the current token as long as it counts as good. When a check found it dead, only a
 * forced refresh helps. Where that is not allowed yet, unforced ones go on.
 */
function forceOrAskAgain(state: KeeperState, attempt: Attempt, context: StepContext): StepResult {
  const { nowMs, policy } = context;
  const idle = { ...state, attempt: null };
  const force = { reason: attempt.reason, force: true };
  const bucketAtMs = passiveAllowedAtMs(state, policy, nowMs, true);
  const started =
    policy.mode === 'stable' && !attempt.force && bucketAtMs <= nowMs
      ? startAttempt(idle, force, context)
      : nowMs + ASK_AGAIN_MS;
  if (typeof started !== 'number') return started;
  const errmsg = 'WeChat gives out a token that it rejects, and no forced refresh is allowed yet';
  return { state: refuse(idle, errmsg, Math.min(started, nowMs + ASK_AGAIN_MS), context), command: null };
}

function settle(
  state: KeeperState,
  attempt: Attempt,
  record: CredentialRecord,
  context: StepContext,
): KeeperState {
  const passiveFullAtMs =
    attempt.reason === 'passive'
      ? takePassive(state, context.policy, context.nowMs, attempt.force)
      : state.passiveFullAtMs;
  return commit({ ...state, settledAttemptId: attempt.id, passiveFullAtMs }, record, context);
}
