import { isLive } from '@zhongkong/shared';
import { planWake, refuse, startAttempt } from './attempt.js';
import type { StepContext, StepResult } from './event.js';
import type { RefreshReason } from './policy.js';
import { type CredentialRecord, isKnownDead, type KeeperState } from './state.js';
import { CLOCK_ERROR_MS, passiveAllowedAtMs, suspectCheckableAtMs } from './timing.js';
import { liveRecord, mayAskAtMs } from './view.js';

const LOOK_AGAIN_MS = 60_000;

/** Does what is due, or plans the next session. */
export function onWoken(state: KeeperState, context: StepContext): StepResult {
  if (state.attempt !== null) return { state, command: null };
  const { nowMs, policy } = context;
  if (policy.isPaused) return wake(state, nowMs + LOOK_AGAIN_MS, context);
  if (policy.mode === 'external') return watchPushed(state, context);
  const reason = dueReason(state, nowMs);
  if (reason !== null) return fetchDue(state, reason, context);
  const { record, refreshAtMs } = state;
  if (record === null || refreshAtMs === null) return { state, command: null };
  if (isKnownDead(state)) return replaceDead(state, refreshAtMs, context);
  if (state.suspectVersion === record.version) return checkSuspect(state, record, refreshAtMs, context);
  return wake(state, refreshAtMs, context);
}

/** Why a token has to be fetched now, reports apart; null when none has to. */
function dueReason(state: KeeperState, nowMs: number): RefreshReason | null {
  const { record, refreshAtMs, doubtSinceMs } = state;
  if (record === null) return doubtSinceMs === null ? 'bootstrap' : 'recovery';
  if (doubtSinceMs !== null || !isLive(record, nowMs)) return 'recovery';
  // The clock was set back, so the record's end means nothing any more.
  if (record.obtainedAtMs > nowMs + CLOCK_ERROR_MS) return 'recovery';
  return refreshAtMs === null || nowMs >= refreshAtMs ? 'scheduled' : null;
}

/** In external mode another system has to act. All that is done here is to check what clients reported. */
function watchPushed(state: KeeperState, context: StepContext): StepResult {
  const record = liveRecord(state, context.nowMs);
  if (record === null) return wake(state, context.nowMs + LOOK_AGAIN_MS, context);
  if (state.suspectVersion === record.version)
    return checkSuspect(state, record, record.expiresAtMs, context);
  return wake(state, record.expiresAtMs, context);
}

function fetchDue(state: KeeperState, reason: RefreshReason, context: StepContext): StepResult {
  const askAtMs = mayAskAtMs(state, context.nowMs);
  if (askAtMs !== null) return wake(state, askAtMs, context);
  const started = startAttempt(state, { reason, force: false }, context);
  if (typeof started !== 'number') return started;
  const errmsg = 'the budget of fetches for the day is used up';
  return wake(refuse(state, errmsg, started, context), started, context);
}

/** A reported token was found dead. It is replaced when reports may cause a fetch again, or by the schedule. */
function replaceDead(state: KeeperState, refreshAtMs: number, context: StepContext): StepResult {
  const { nowMs, policy } = context;
  const allowedAtMs = Math.max(passiveAllowedAtMs(state, policy, nowMs), mayAskAtMs(state, nowMs) ?? nowMs);
  if (nowMs < allowedAtMs) return wake(state, Math.min(allowedAtMs, refreshAtMs), context);
  const started = startAttempt(state, { reason: 'passive', force: false }, context);
  return typeof started === 'number' ? wake(state, Math.min(started, refreshAtMs), context) : started;
}

/** A report came while the bucket was empty. The token is checked as soon as it allows a fetch. */
function checkSuspect(
  state: KeeperState,
  record: CredentialRecord,
  refreshAtMs: number,
  context: StepContext,
): StepResult {
  const { nowMs, policy } = context;
  const allowedAtMs = Math.max(passiveAllowedAtMs(state, policy, nowMs), suspectCheckableAtMs(state, nowMs));
  if (nowMs < allowedAtMs) return wake(state, Math.min(allowedAtMs, refreshAtMs), context);
  return { state, command: { do: 'check', record, onHint: false } };
}

/** Wakes before the token's end in any case, also while backing off. */
function wake(state: KeeperState, wantedAtMs: number, { nowMs }: StepContext): StepResult {
  const lastMs = (state.record?.expiresAtMs ?? 0) - 1;
  const atMs = lastMs > nowMs ? Math.min(wantedAtMs, lastMs) : wantedAtMs;
  return { state: planWake(state, atMs, nowMs), command: { do: 'wake', atMs } };
}
