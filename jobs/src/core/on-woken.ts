import { isLive } from '@zhongkong/shared';
import { isKnownDead, issue, mayAskAtMs, refuse } from './issue.js';
import type { StepContext, StepResult } from './keeper-event.js';
import type { CredentialRecord, KeeperState } from './keeper-state.js';
import type { RefreshReason } from './refresh-reason.js';
import { cooldownUntilMs, suspicionCheckableAtMs } from './verify-rules.js';

const LOOK_AGAIN_MS = 60_000;
/** The clock was set back when a token comes from further ahead than this; so is not to be trusted in when it ends. */
const CLOCK_ERROR_MS = 10_000;

/** Does what is due, or plans when to look again. */
export function onWoken(state: KeeperState, context: StepContext): StepResult {
  if (state.attempt !== null) return { state, commands: [] };
  const { nowMs, policy } = context;
  if (policy.mode === 'external') return lookExternally(state, context);
  const reason = dueReason(state, nowMs);
  if (reason !== null) return fetchDue(state, reason, context);
  const { record, refreshAtMs } = state;
  if (record === null || refreshAtMs === null) return { state, commands: [] };
  if (isKnownDead(state)) return replaceDead(state, refreshAtMs, context);
  if (state.suspectVersion === record.version) return checkSuspect(state, record, refreshAtMs, context);
  return wake(state, refreshAtMs, context);
}

/** Why a token has to be fetched now without regard to clients' word, or null. */
function dueReason(state: KeeperState, nowMs: number): RefreshReason | null {
  const { record, refreshAtMs, doubtSinceMs } = state;
  if (record === null) return doubtSinceMs === null ? 'bootstrap' : 'recovery';
  if (doubtSinceMs !== null || !isLive(record, nowMs)) return 'recovery';
  if (record.obtainedAtMs > nowMs + CLOCK_ERROR_MS) return 'recovery';
  return refreshAtMs === null || nowMs >= refreshAtMs ? 'scheduled' : null;
}

/** Another system has to act; all that can be done here is to check what clients reported. */
function lookExternally(state: KeeperState, context: StepContext): StepResult {
  const { record } = state;
  const { nowMs } = context;
  if (record === null || !isLive(record, nowMs)) return wake(state, nowMs + LOOK_AGAIN_MS, context);
  if (state.suspectVersion === record.version)
    return checkSuspect(state, record, record.expiresAtMs, context);
  return wake(state, record.expiresAtMs, context);
}

function fetchDue(state: KeeperState, reason: RefreshReason, context: StepContext): StepResult {
  const askAtMs = mayAskAtMs(state, context.nowMs);
  if (askAtMs !== null) return wake(state, askAtMs, context);
  const issued = issue(state, { reason, force: false }, context);
  if (typeof issued !== 'number') return issued;
  return wake(
    refuse(state, 'the budget of fetches for the day is used up', issued, context),
    issued,
    context,
  );
}

/** The token was checked on clients' word and found dead: replaced when that word counts again, or by the schedule. */
function replaceDead(state: KeeperState, refreshAtMs: number, context: StepContext): StepResult {
  const { nowMs, policy } = context;
  const backOffUntilMs = mayAskAtMs(state, nowMs) ?? nowMs;
  const allowedAtMs = Math.max(cooldownUntilMs(state, policy, nowMs), backOffUntilMs);
  if (nowMs < allowedAtMs) return wake(state, Math.min(allowedAtMs, refreshAtMs), context);
  const issued = issue(state, { reason: 'passive', force: false }, context);
  return typeof issued === 'number' ? wake(state, Math.min(issued, refreshAtMs), context) : issued;
}

/** A report came during the cooldown; it is looked at as soon as that is over. */
function checkSuspect(
  state: KeeperState,
  record: CredentialRecord,
  refreshAtMs: number,
  context: StepContext,
): StepResult {
  const { nowMs, policy } = context;
  const allowedAtMs = Math.max(cooldownUntilMs(state, policy, nowMs), suspicionCheckableAtMs(state, nowMs));
  if (nowMs < allowedAtMs) return wake(state, Math.min(allowedAtMs, refreshAtMs), context);
  return { state, commands: [{ do: 'verify', record, onHint: false }] };
}

/** However long a back-off, nobody sleeps through the end of a living token. */
function wake(state: KeeperState, wantedAtMs: number, { nowMs }: StepContext): StepResult {
  const lastMs = (state.record?.expiresAtMs ?? 0) - 1;
  const atMs = lastMs > nowMs ? Math.min(wantedAtMs, lastMs) : wantedAtMs;
  const planned = state.wakeAtMs === atMs ? state : { ...state, wakeAtMs: atMs };
  return { state: planned, commands: [{ do: 'wake', atMs }] };
}
