import { startAttempt } from './attempt.js';
import type { KeeperEvent, ReportVerdict, StepContext, StepResult } from './event.js';
import type { KeeperState } from './state.js';
import { liveRecord } from './view.js';

type Rotated = Extract<KeeperEvent, { type: 'rotated' }>;

/**
 * An operator asks for a new token. WeChat is asked once, also while the schedule waits after a failure: the operator may
 * have mended the cause. Budgets hold, and the reserve of the day may be used.
 */
export function onRotated(state: KeeperState, rotated: Rotated, context: StepContext): StepResult {
  const { force, versionAtArrival, isAsked } = rotated;
  const { policy, nowMs } = context;
  if (state.attempt !== null) return { state, command: null };
  const record = liveRecord(state, nowMs);
  if (record !== null && record.version > versionAtArrival) return answer(state, { is: 'refreshed' });
  if (policy.isPaused) return answer(state, { is: 'paused' });
  if (policy.mode === 'external') return answer(state, { is: 'awaiting-push' });
  if (isAsked) {
    const { failure } = state;
    return answer(state, failure === null ? { is: 'still-valid' } : { is: 'failed', failure });
  }
  const spending = { reason: 'manual', force: force && policy.mode === 'stable' } as const;
  const started = startAttempt(state, spending, context);
  return typeof started === 'number' ? answer(state, { is: 'over-budget', untilMs: started }) : started;
}

function answer(state: KeeperState, verdict: ReportVerdict): StepResult {
  return { state, command: { do: 'answer', verdict } };
}
