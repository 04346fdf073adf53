import { isLive } from '@zhongkong/shared';
import { refund } from './budget.js';
import { commit, newRecord } from './commit.js';
import { fail, isKnownDead, issue, refuse } from './issue.js';
import type { KeeperEvent, StepContext, StepResult } from './keeper-event.js';
import type { Attempt, CredentialRecord, KeeperState } from './keeper-state.js';

type Granted = Extract<KeeperEvent, { type: 'granted' }>;
type GrantFailed = Extract<KeeperEvent, { type: 'grant-failed' }>;

/** A normal call costs nothing in stable mode, and finds out whether somebody else has replaced a dead token. */
const ASK_AGAIN_MS = 60_000;

/** The platform gave a token. An answer to another attempt than the outstanding one is late, and changes nothing. */
export function onGranted(
  state: KeeperState,
  { attemptId, grant }: Granted,
  context: StepContext,
): StepResult {
  const { attempt, record } = state;
  if (attempt?.id !== attemptId) return { state, commands: [] };
  const lifetime = { expiresAtMs: grant.requestedAtMs + grant.expiresInMs, lifeMs: grant.expiresInMs };
  if (!isLive(lifetime, context.nowMs)) {
    const errmsg = 'the token had expired when it arrived';
    return { state: fail(state, { kind: 'transient', errmsg, mayHaveIssued: true }, context), commands: [] };
  }
  if (record?.value !== grant.value) {
    return {
      state: settle(state, attempt, newRecord(state, grant.value, grant.requestedAtMs, lifetime), context),
      commands: [],
    };
  }
  if (isKnownDead(state)) return replaceDead(state, attempt, context);
  // The platform stands by the token that we have: as good as a check that began with the request.
  const verification = {
    version: record.version,
    startedAtMs: grant.requestedAtMs,
    verdict: 'alive',
  } as const;
  const obtainedAtMs = Math.min(record.obtainedAtMs, grant.requestedAtMs);
  const extended = { ...record, obtainedAtMs, expiresAtMs: lifetime.expiresAtMs };
  return { state: settle({ ...state, verification }, attempt, extended, context), commands: [] };
}

/** The platform refused, or did not answer. */
export function onGrantFailed(state: KeeperState, answer: GrantFailed, context: StepContext): KeeperState {
  const { attempt } = state;
  if (attempt?.id !== answer.attemptId) return state;
  const { failure } = answer;
  if (failure.errcode === undefined && !failure.mayHaveIssued) {
    return fail({ ...state, usage: refund(state.usage, attempt) }, failure, context);
  }
  if (!attempt.force || failure.kind !== 'exhausted') return fail(state, failure, context);
  // The day's forced refreshes are few, and used up by whoever knows the secret; normal calls have a quota of their own.
  const usage = { ...state.usage, forced: Math.max(state.usage.forced, context.policy.forceBudget) };
  return fail({ ...state, usage }, { ...failure, kind: 'throttled' }, context);
}

/**
 * Stable mode gives back the current token while the platform holds it for good. If a check found it dead, only a
 * forced refresh helps; where that is not allowed, or was asked too soon after the last one, normal calls go on.
 */
function replaceDead(state: KeeperState, attempt: Attempt, context: StepContext): StepResult {
  const { nowMs, policy } = context;
  const idle = { ...state, attempt: null };
  const force = { reason: attempt.reason, force: true };
  const issued =
    policy.mode === 'stable' && !attempt.force ? issue(idle, force, context) : nowMs + ASK_AGAIN_MS;
  if (typeof issued !== 'number') return issued;
  const errmsg = 'WeChat keeps a token that it has declared dead, and no forced refresh is allowed yet';
  return { state: refuse(idle, errmsg, Math.min(issued, nowMs + ASK_AGAIN_MS), context), commands: [] };
}

function settle(
  state: KeeperState,
  attempt: Attempt,
  record: CredentialRecord,
  context: StepContext,
): KeeperState {
  const passiveFetchAtMs = attempt.reason === 'passive' ? context.nowMs : state.passiveFetchAtMs;
  return commit({ ...state, settledAttemptId: attempt.id, passiveFetchAtMs }, record, context);
}
