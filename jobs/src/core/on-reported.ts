import { isLive } from '@zhongkong/shared';
import { backingOff, isKnownDead, issue } from './issue.js';
import type { KeeperEvent, ReportVerdict, StepContext, StepResult } from './keeper-event.js';
import type { KeeperState } from './keeper-state.js';
import type { RefreshReason } from './refresh-reason.js';
import { cooldownUntilMs, verifiableAtMs } from './verify-rules.js';

type Reported = Extract<KeeperEvent, { type: 'reported' }>;

/**
 * Clients say that a version is dead. In this order:
 * - it is no longer the current one: the current one is the answer, at no cost;
 * - nothing is alive: fetch, there is nothing to lose;
 * - clients' word has led to a fetch a moment ago: not again yet, but remember it for the end of the cooldown;
 * - a check that began after the report came in decides; without one, check, at most once a second.
 */
export function onReported(state: KeeperState, report: Reported, context: StepContext): StepResult {
  const { nowMs, policy } = context;
  const { record, verification } = state;
  if (state.attempt !== null) return { state, commands: [{ do: 'ignore', reason: 'attempt-outstanding' }] };
  if (record === null || !isLive(record, nowMs)) return fetchFor(state, 'recovery', context);
  if (report.version < record.version) return answer(state, { is: 'superseded' });

  const untilMs = cooldownUntilMs(state, policy);
  if (nowMs < untilMs) {
    return answer({ ...state, suspectVersion: record.version }, { is: 'cooldown', untilMs });
  }
  if (isKnownDead(state)) return fetchFor(state, 'passive', context);
  if (verification?.version === record.version && verification.startedAtMs >= report.arrivedAtMs) {
    switch (verification.verdict) {
      case 'alive':
        return answer(state, { is: 'still-valid' });
      case 'unreachable':
        return answer(state, { is: 'unverifiable', retryAtMs: verifiableAtMs(state) });
      default:
        return fetchFor(state, 'passive', context);
    }
  }
  const checkAtMs = verifiableAtMs(state);
  if (nowMs < checkAtMs) return { state, commands: [{ do: 'hold', untilMs: checkAtMs }] };
  return { state, commands: [{ do: 'verify', record }] };
}

function fetchFor(state: KeeperState, reason: RefreshReason, context: StepContext): StepResult {
  const failure = backingOff(state, context.nowMs);
  if (failure !== null) return answer(state, { is: 'failed', failure });
  const issued = issue(state, { reason, force: false }, context);
  return issued.commands.length > 0 ? issued : fetchFor(issued.state, reason, context);
}

function answer(state: KeeperState, verdict: ReportVerdict): StepResult {
  return { state, commands: [{ do: 'answer', verdict }] };
}
