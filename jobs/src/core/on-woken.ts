import { isLive } from '@zhongkong/shared';
import { backingOff, isKnownDead, issue } from './issue.js';
import type { StepContext, StepResult } from './keeper-event.js';
import type { KeeperState } from './keeper-state.js';
import type { RefreshReason } from './refresh-reason.js';
import { cooldownUntilMs, verifiableAtMs } from './verify-rules.js';

/** Does what is due, or plans when to look again. */
export function onWoken(state: KeeperState, context: StepContext): StepResult {
  const { nowMs, policy } = context;
  if (state.attempt !== null) return ignoreBusy(state);
  const reason = dueReason(state, nowMs);
  if (reason !== null) {
    const failure = backingOff(state, nowMs);
    if (failure !== null) return { state, commands: [{ do: 'wake', atMs: failure.retryAtMs }] };
    const issued = issue(state, { reason, force: false }, context);
    return issued.commands.length > 0 ? issued : onWoken(issued.state, context);
  }
  const { record, refreshAtMs } = state;
  if (record === null || refreshAtMs === null) return { state, commands: [] };
  if (state.suspectVersion !== record.version) {
    return { state, commands: [{ do: 'wake', atMs: refreshAtMs }] };
  }
  const checkAtMs = Math.max(cooldownUntilMs(state, policy), verifiableAtMs(state));
  if (checkAtMs <= nowMs) return { state, commands: [{ do: 'verify', record }] };
  return { state, commands: [{ do: 'wake', atMs: Math.min(checkAtMs, refreshAtMs) }] };
}

/** An operator's order goes past the schedule and past back-off, not past the budget. */
export function onOrdered(state: KeeperState, context: StepContext): StepResult {
  if (state.attempt !== null) return ignoreBusy(state);
  return issue(state, { reason: 'manual', force: false }, context);
}

/** Why a token has to be fetched now, or null when the current one will do. */
function dueReason(state: KeeperState, nowMs: number): RefreshReason | null {
  const { record, refreshAtMs } = state;
  if (record === null) return state.doubtSinceMs === null ? 'bootstrap' : 'recovery';
  if (state.doubtSinceMs !== null || isKnownDead(state) || !isLive(record, nowMs)) return 'recovery';
  return refreshAtMs === null || nowMs >= refreshAtMs ? 'scheduled' : null;
}

function ignoreBusy(state: KeeperState): StepResult {
  return { state, commands: [{ do: 'ignore', reason: 'attempt-outstanding' }] };
}
