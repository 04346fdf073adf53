import { earlyDeathsAfter } from './conflict.js';
import type { KeeperEvent, StepContext } from './keeper-event.js';
import { FIRST_HINT_SPACING_MS, type KeeperState, type Verdict } from './keeper-state.js';
import { widened } from './verify-rules.js';

type Verified = Extract<KeeperEvent, { type: 'verified' }>;

/** Writes down what a check came to; what follows from it is decided when the report is looked at again. */
export function onVerified(state: KeeperState, check: Verified, { nowMs, policy }: StepContext): KeeperState {
  const { version, startedAtMs, verdict, onHint } = check;
  if (state.record?.version !== version) return state;
  return {
    ...state,
    verification: { version, startedAtMs, verdict },
    hintSpacingMs: hintSpacingMs(state, verdict, onHint),
    suspectVersion: verdict === 'unreachable' ? state.suspectVersion : null,
    // In external mode it is always somebody else who fetches.
    earlyDeathsAtMs:
      verdict === 'dead' && policy.mode !== 'external'
        ? earlyDeathsAfter(state, nowMs)
        : state.earlyDeathsAtMs,
  };
}

function hintSpacingMs(state: KeeperState, verdict: Verdict, onHint: boolean): number {
  if (verdict === 'dead') return FIRST_HINT_SPACING_MS;
  return verdict === 'alive' && onHint ? widened(state.hintSpacingMs) : state.hintSpacingMs;
}
