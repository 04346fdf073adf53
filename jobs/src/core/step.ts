import type { KeeperEvent, StepContext, StepResult } from './keeper-event.js';
import type { KeeperState } from './keeper-state.js';
import { onGranted, onGrantFailed } from './on-answer.js';
import { onOpened } from './on-opened.js';
import { onPushed } from './on-pushed.js';
import { onReported } from './on-reported.js';
import { onVerified } from './on-verified.js';
import { onWoken } from './on-woken.js';

/**
 * The keeper of one credential: every decision about it, as a function of plain data. It has no clock, no timer
 * and no randomness of its own; whoever runs it saves the state first and carries out the commands then.
 */
export function step(state: KeeperState, event: KeeperEvent, context: StepContext): StepResult {
  const { state: next, commands } = decide(state, event, context);
  return next === state ? { state, commands } : { state: { ...next, revision: next.revision + 1 }, commands };
}

function decide(state: KeeperState, event: KeeperEvent, context: StepContext): StepResult {
  switch (event.type) {
    case 'opened':
      return { state: onOpened(state, event, context), commands: [] };
    case 'woken':
      return onWoken(state, context);
    case 'reported':
      return onReported(state, event, context);
    case 'verified':
      return { state: onVerified(state, event, context), commands: [] };
    case 'pushed':
      return { state: onPushed(state, event, context), commands: [] };
    case 'granted':
      return onGranted(state, event, context);
    case 'grant-failed':
      return { state: onGrantFailed(state, event, context), commands: [] };
  }
}
