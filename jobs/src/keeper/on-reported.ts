import { startAttempt } from './attempt.js';
import type { KeeperEvent, ReportVerdict, StaleName, StepContext, StepResult } from './event.js';
import type { RefreshReason } from './policy.js';
import { type CredentialRecord, isKnownDead, type KeeperState } from './state.js';
import { checkableAtMs, cooldownUntilMs } from './timing.js';
import { liveRecord, mayAskAtMs } from './view.js';

/** A client that gives only a hint is not kept waiting for longer than this. */
const HINT_PATIENCE_MS = 2_000;

type Reported = Extract<KeeperEvent, { type: 'reported' }>;

/**
 * A client says that a token is dead. In this order:
 * - no token is alive: fetch, there is nothing to lose;
 * - the reported token is not the current one: the current one is the answer, at no cost;
 * - a report caused a fetch a moment ago: not again yet, but remember the report for the end of the cooldown;
 * - a check since the report came in decides. Without one, check, at most once a second.
 *
 * Hints are followed less and less often while the token is found alive, and believed only when a check agrees.
 */
export function onReported(state: KeeperState, report: Reported, context: StepContext): StepResult {
  const { nowMs, policy } = context;
  const { lastCheck } = state;
  if (state.attempt !== null) return { state, command: null };
  const settled = settledVerdict(state, report, nowMs);
  if (settled !== null) return answer(state, settled);
  const record = liveRecord(state, nowMs);
  if (record === null) return fetchFor(state, 'recovery', context);

  const untilMs = cooldownUntilMs(state, policy, nowMs);
  if (nowMs < untilMs) return answer(suspect(state, record.version), { is: 'cooldown', untilMs });
  if (isKnownDead(state)) return fetchFor(state, 'passive', context);

  const { isHint: onHint } = report;
  const checkAtMs = checkableAtMs(state, nowMs, onHint);
  if (!report.isChecked || lastCheck?.version !== record.version) {
    if (onHint && checkAtMs - nowMs > HINT_PATIENCE_MS) return answer(state, { is: 'unchecked' });
    if (nowMs < checkAtMs) return { state, command: { do: 'retry-report', atMs: checkAtMs } };
    return { state, command: { do: 'check', record, onHint } };
  }
  switch (lastCheck.verdict) {
    case 'alive':
      return answer(state, { is: 'still-valid' });
    case 'unreachable':
      return answer(state, { is: 'uncheckable', retryAtMs: checkAtMs });
    default:
      return onHint ? answer(state, { is: 'unchecked' }) : fetchFor(state, 'passive', context);
  }
}

/** The answer to a report that needs neither check nor fetch; null when it needs one. */
export function settledVerdict(
  state: KeeperState,
  { stale, versionAtArrival }: Pick<Reported, 'stale' | 'versionAtArrival'>,
  nowMs: number,
): ReportVerdict | null {
  const record = liveRecord(state, nowMs);
  if (record === null) return null;
  if (record.version > versionAtArrival) return { is: 'refreshed' };
  return compareStale(record, stale) === 'current' ? null : { is: 'superseded' };
}

/**
 * How a reported token compares with a record. `unknown`: it may be newer than the record, so the store has to be read.
 * Without a record every report asks for the first token, so it counts as `current`.
 */
export function compareStale(
  record: CredentialRecord | null,
  stale: StaleName,
): 'current' | 'older' | 'unknown' {
  if (record === null) return 'current';
  if ('value' in stale) return stale.value === record.value ? 'current' : 'unknown';
  if (stale.version === record.version) return 'current';
  return stale.version < record.version ? 'older' : 'unknown';
}

function fetchFor(state: KeeperState, reason: RefreshReason, context: StepContext): StepResult {
  if (context.policy.mode === 'external') return answer(state, { is: 'awaiting-push' });
  const { failure } = state;
  if (failure !== null && mayAskAtMs(state, context.nowMs) !== null)
    return answer(state, { is: 'failed', failure });
  const started = startAttempt(state, { reason, force: false }, context);
  return typeof started === 'number' ? answer(state, { is: 'over-budget', untilMs: started }) : started;
}

function suspect(state: KeeperState, version: number): KeeperState {
  return state.suspectVersion === version ? state : { ...state, suspectVersion: version };
}

function answer(state: KeeperState, verdict: ReportVerdict): StepResult {
  return { state, command: { do: 'answer', verdict } };
}
