import { isLive } from '@zhongkong/shared';
import { isKnownDead, issue, mayAskAtMs } from './issue.js';
import type { KeeperEvent, ReportVerdict, StepContext, StepResult } from './keeper-event.js';
import type { KeeperState } from './keeper-state.js';
import type { RefreshReason } from './refresh-reason.js';
import { cooldownUntilMs, verifiableAtMs } from './verify-rules.js';

/** Whoever gives no more than a hint is not kept waiting for longer than this. */
const HINT_PATIENCE_MS = 2_000;

type Reported = Extract<KeeperEvent, { type: 'reported' }>;

/**
 * Clients say that a version is dead. In this order:
 * - it is no longer the current one: the current one is the answer, at no cost;
 * - nothing is alive: fetch, there is nothing to lose;
 * - clients' word has led to a fetch a moment ago: not again yet, but remember it for the end of the cooldown;
 * - a check that was made since they said so decides; without one, check, at most once a second.
 *
 * A hint is followed less and less often while the token is found alive, and believed only when a check agrees.
 */
export function onReported(state: KeeperState, report: Reported, context: StepContext): StepResult {
  const { nowMs, policy } = context;
  const { record, verification } = state;
  if (state.attempt !== null) return { state, commands: [] };
  if (record === null || !isLive(record, nowMs)) return fetchFor(state, 'recovery', context);
  if (report.version < record.version) return answer(state, { is: 'superseded' });

  const untilMs = cooldownUntilMs(state, policy, nowMs);
  if (nowMs < untilMs) return answer(suspect(state, record.version), { is: 'cooldown', untilMs });
  if (isKnownDead(state)) return fetchFor(state, 'passive', context);

  const { isHint: onHint } = report;
  const checkAtMs = verifiableAtMs(state, nowMs, onHint);
  if (!report.isChecked || verification?.version !== record.version) {
    if (onHint && checkAtMs - nowMs > HINT_PATIENCE_MS) return answer(state, { is: 'unchecked' });
    if (nowMs < checkAtMs) return { state, commands: [{ do: 'hold', untilMs: checkAtMs }] };
    return { state, commands: [{ do: 'verify', record, onHint }] };
  }
  switch (verification.verdict) {
    case 'alive':
      return answer(state, { is: 'still-valid' });
    case 'unreachable':
      return answer(state, { is: 'unverifiable', retryAtMs: checkAtMs });
    default:
      return onHint ? answer(state, { is: 'unchecked' }) : fetchFor(state, 'passive', context);
  }
}

function fetchFor(state: KeeperState, reason: RefreshReason, context: StepContext): StepResult {
  if (context.policy.mode === 'external') return answer(state, { is: 'awaiting-push' });
  const { failure } = state;
  if (failure !== null && mayAskAtMs(state, context.nowMs) !== null)
    return answer(state, { is: 'failed', failure });
  const issued = issue(state, { reason, force: false }, context);
  return typeof issued === 'number' ? answer(state, { is: 'over-budget', untilMs: issued }) : issued;
}

function suspect(state: KeeperState, version: number): KeeperState {
  return state.suspectVersion === version ? state : { ...state, suspectVersion: version };
}

function answer(state: KeeperState, verdict: ReportVerdict): StepResult {
  return { state, commands: [{ do: 'answer', verdict }] };
}
