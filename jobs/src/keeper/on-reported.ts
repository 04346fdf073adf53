import { startAttempt } from './attempt.js';
import type { KeeperEvent, ReportVerdict, StaleName, StepContext, StepResult } from './event.js';
import type { RefreshReason } from './policy.js';
import { type CredentialRecord, isKnownDead, type KeeperState } from './state.js';
import { checkableAtMs, passiveAllowedAtMs } from './timing.js';
import { liveRecord, mayAskAtMs, seenAliveAtMs } from './view.js';

const UNCHECKED: ReportVerdict = { is: 'unchecked' };

type Reported = Extract<KeeperEvent, { type: 'reported' }>;

/**
 * A client says that a token is dead. In this order:
 * - no token is alive: fetch, there is nothing to lose;
 * - the reported token is not the current one: the current one is the answer, at no cost;
 * - the app is paused: WeChat is asked nothing;
 * - reports have used up their bucket of fetches: not again yet, but remember the report until the bucket allows it;
 * - a check since the report came in decides. Without one, check, at most once a second.
 *
 * What fails in passing is repeated while the client waits. Hints are followed more rarely while the token is found alive,
 * and believed only when a check agrees.
 */
export function onReported(state: KeeperState, report: Reported, context: StepContext): StepResult {
  const { nowMs, policy } = context;
  const { lastCheck } = state;
  if (state.attempt !== null) return { state, command: null };
  const settled = settledVerdict(state, report, nowMs);
  if (settled !== null) return answer(state, settled);
  if (policy.isPaused) return answer(state, { is: 'paused' });
  const record = liveRecord(state, nowMs);
  if (record === null) return fetchFor(state, report, 'recovery', context);

  const untilMs = passiveAllowedAtMs(state, policy, nowMs);
  if (nowMs < untilMs) return answer(suspect(state, record.version), { is: 'cooldown', untilMs });
  if (isKnownDead(state)) return fetchFor(state, report, 'passive', context);

  const { isHint: onHint } = report;
  const checkAtMs = checkableAtMs(state, nowMs, onHint);
  if (lastCheck === null || !isRecentCheck(state, report, nowMs)) {
    if (nowMs >= checkAtMs) return { state, command: { do: 'check', record, onHint } };
    const verdict = onHint ? UNCHECKED : ({ is: 'uncheckable', retryAtMs: checkAtMs } as const);
    return retryOr(state, report, checkAtMs, verdict, context);
  }
  switch (lastCheck.verdict) {
    case 'alive':
      return answer(state, { is: 'still-valid' });
    case 'unreachable':
      return retryOr(state, report, checkAtMs, { is: 'uncheckable', retryAtMs: checkAtMs }, context);
    default:
      return onHint ? answer(state, UNCHECKED) : fetchFor(state, report, 'passive', context);
  }
}

/** Whether the last check can decide about the report. */
function isRecentCheck(state: KeeperState, { isChecked, maxCheckAgeMs }: Reported, nowMs: number): boolean {
  const { record, lastCheck } = state;
  if (record === null || lastCheck?.version !== record.version) return false;
  return isChecked || Math.abs(nowMs - (seenAliveAtMs(state) ?? 0)) < maxCheckAgeMs;
}

/** The same report once more at an instant, if the client waits that long; else the answer. */
function retryOr(
  state: KeeperState,
  { patienceMs }: Reported,
  atMs: number,
  verdict: ReportVerdict,
  { nowMs }: StepContext,
): StepResult {
  if (atMs - nowMs > patienceMs) return answer(state, verdict);
  return { state, command: { do: 'retry-report', atMs: Math.max(atMs, nowMs + 1) } };
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

function fetchFor(
  state: KeeperState,
  report: Reported,
  reason: RefreshReason,
  context: StepContext,
): StepResult {
  if (context.policy.mode === 'external') return answer(state, { is: 'awaiting-push' });
  const { failure } = state;
  const askAtMs = mayAskAtMs(state, context.nowMs);
  if (failure !== null && askAtMs !== null) {
    const verdict = { is: 'failed', failure } as const;
    return failure.kind === 'transient'
      ? retryOr(state, report, askAtMs, verdict, context)
      : answer(state, verdict);
  }
  const started = startAttempt(state, { reason, force: false }, context);
  return typeof started === 'number' ? answer(state, { is: 'over-budget', untilMs: started }) : started;
}

function suspect(state: KeeperState, version: number): KeeperState {
  return state.suspectVersion === version ? state : { ...state, suspectVersion: version };
}

function answer(state: KeeperState, verdict: ReportVerdict): StepResult {
  return { state, command: { do: 'answer', verdict } };
}
