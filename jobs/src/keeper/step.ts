import { commit, newRecord } from './attempt.js';
import type { KeeperEvent, StepContext, StepResult } from './event.js';
import { onAnswered } from './on-answered.js';
import { onOpened } from './on-opened.js';
import { onReported } from './on-reported.js';
import { onRotated } from './on-rotated.js';
import { onWoken } from './on-woken.js';
import type { KeeperState } from './state.js';
import { hintSpacingAfter } from './timing.js';
import { earlyDeathsAfter } from './view.js';

type Checked = Extract<KeeperEvent, { type: 'checked' }>;
type Pushed = Extract<KeeperEvent, { type: 'pushed' }>;

/**
 * The keeper of one credential: it makes every decision about it, as a function of plain data. It has no clock, timer or
 * randomness of its own. The caller saves the state first, and carries out the command then.
 */
export function step(state: KeeperState, event: KeeperEvent, context: StepContext): StepResult {
  const { state: next, command } = decide(state, event, context);
  return next === state ? { state, command } : { state: { ...next, revision: next.revision + 1 }, command };
}

function decide(state: KeeperState, event: KeeperEvent, context: StepContext): StepResult {
  switch (event.type) {
    case 'opened':
      return { state: onOpened(state, event, context), command: null };
    case 'woken':
      return onWoken(state, context);
    case 'reported':
      return onReported(state, event, context);
    case 'rotated':
      return onRotated(state, event, context);
    case 'checked':
      return { state: onChecked(state, event, context), command: null };
    case 'pushed':
      return { state: onPushed(state, event, context), command: null };
    case 'answered':
      return onAnswered(state, event, context);
  }
}

/** Writes the result of a check down. What follows from it is decided when the report is judged again. */
function onChecked(state: KeeperState, check: Checked, { nowMs, policy }: StepContext): KeeperState {
  const { version, startedAtMs, verdict, onHint } = check;
  if (state.record?.version !== version) return state;
  return {
    ...state,
    lastCheck: { version, startedAtMs, verdict },
    hintSpacingMs:
      onHint || verdict === 'dead' ? hintSpacingAfter(verdict, state.hintSpacingMs) : state.hintSpacingMs,
    suspectVersion: verdict === 'unreachable' ? state.suspectVersion : null,
    earlyDeathsAtMs: verdict === 'dead' ? earlyDeathsAfter(state, policy, nowMs) : state.earlyDeathsAtMs,
  };
}

/** Takes over what another system fetched. The same token again only gets its life corrected. */
function onPushed(state: KeeperState, { value, expiresInMs }: Pushed, context: StepContext): KeeperState {
  const { nowMs } = context;
  const { record } = state;
  const expiresAtMs = nowMs + expiresInMs;
  if (record?.value === value) return commit(state, { ...record, expiresAtMs }, context);
  return commit(state, newRecord(state, value, nowMs, { expiresAtMs, lifeMs: expiresInMs }), context);
}
