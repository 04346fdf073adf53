import { earlyDeathsAfter } from './conflict.js';
import type { KeeperEvent, StepContext, StepResult } from './keeper-event.js';
import type { KeeperState } from './keeper-state.js';

type Verified = Extract<KeeperEvent, { type: 'verified' }>;

/** Writes down what a check came to; what follows from it is decided when the report is looked at again. */
export function onVerified(state: KeeperState, check: Verified, context: StepContext): StepResult {
  const { version, startedAtMs, verdict } = check;
  if (state.record?.version !== version) {
    return { state, commands: [{ do: 'ignore', reason: 'late-verification' }] };
  }
  const settled = verdict === 'alive' || verdict === 'dead';
  return {
    state: {
      ...state,
      verification: { version, startedAtMs, verdict },
      suspectVersion: settled ? null : state.suspectVersion,
      earlyDeathsAtMs: verdict === 'dead' ? earlyDeathsAfter(state, context.nowMs) : state.earlyDeathsAtMs,
    },
    commands: [],
  };
}
