import { isLive, type Lifetime, nextVersion } from '@zhongkong/shared';
import { fail, isKnownDead, issue } from './issue.js';
import type { Grant, KeeperEvent, StepContext, StepResult } from './keeper-event.js';
import type { Attempt, CredentialRecord, KeeperState } from './keeper-state.js';
import { refreshAtMs } from './schedule.js';

type Granted = Extract<KeeperEvent, { type: 'granted' }>;
type GrantFailed = Extract<KeeperEvent, { type: 'grant-failed' }>;

/** The platform gave a token. */
export function onGranted(
  state: KeeperState,
  { attemptId, grant }: Granted,
  context: StepContext,
): StepResult {
  const { attempt, record } = state;
  if (attempt?.id !== attemptId) return ignoreLate(state);
  const lifetime = { expiresAtMs: grant.requestedAtMs + grant.expiresInMs, lifeMs: grant.expiresInMs };
  if (!isLive(lifetime, context.nowMs)) {
    const failure = {
      kind: 'transient',
      errmsg: 'the token had expired when it arrived',
      mayHaveIssued: true,
    } as const;
    return { state: fail(state, failure, context), commands: [] };
  }
  if (record?.value !== grant.value)
    return commit(state, attempt, newRecord(state, grant, lifetime), context);
  if (isKnownDead(state)) return replaceDead(state, attempt, context);
  // The platform stands by the token that we have: as good as a check that began with the request.
  const verification = {
    version: record.version,
    startedAtMs: grant.requestedAtMs,
    verdict: 'alive',
  } as const;
  const extended = { ...record, expiresAtMs: lifetime.expiresAtMs };
  return commit({ ...state, verification }, attempt, extended, context);
}

/** The platform refused, or did not answer. */
export function onGrantFailed(
  state: KeeperState,
  { attemptId, failure }: GrantFailed,
  context: StepContext,
): StepResult {
  if (state.attempt?.id !== attemptId) return ignoreLate(state);
  return { state: fail(state, failure, context), commands: [] };
}

/**
 * Stable mode gives back the current token while the platform holds it for good. If a check found it dead, only a
 * forced refresh helps; and if that brings it back once more, force was asked too soon after the last one.
 */
function replaceDead(state: KeeperState, attempt: Attempt, context: StepContext): StepResult {
  if (context.policy.mode === 'stable' && !attempt.force) {
    const spending = { reason: attempt.reason, force: true };
    return issue({ ...state, attempt: null }, spending, context);
  }
  const errmsg = 'the platform gave back the token that it had declared dead';
  return { state: fail(state, { kind: 'throttled', errmsg, mayHaveIssued: false }, context), commands: [] };
}

/** Versions follow the order of the requests, so that an answer that was long on its way does not look newer. */
function newRecord(state: KeeperState, grant: Grant, lifetime: Lifetime): CredentialRecord {
  const version = nextVersion(state.record?.version ?? 0, grant.requestedAtMs);
  return { value: grant.value, version, obtainedAtMs: grant.requestedAtMs, ...lifetime };
}

function commit(
  state: KeeperState,
  attempt: Attempt,
  record: CredentialRecord,
  context: StepContext,
): StepResult {
  const { nowMs, random, policy } = context;
  const isNew = record.version !== state.record?.version;
  return {
    state: {
      ...state,
      record,
      refreshAtMs: refreshAtMs(record, policy, nowMs, random),
      attempt: null,
      doubtSinceMs: null,
      verification: isNew ? null : state.verification,
      suspectVersion: isNew ? null : state.suspectVersion,
      settledAttemptId: attempt.id,
      passiveFetchAtMs: attempt.reason === 'passive' ? nowMs : state.passiveFetchAtMs,
      failure: null,
    },
    commands: [{ do: 'publish', record }],
  };
}

function ignoreLate(state: KeeperState): StepResult {
  return { state, commands: [{ do: 'ignore', reason: 'late-answer' }] };
}
