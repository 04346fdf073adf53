import { moreUsed } from './budget.js';
import type { KeeperEvent, StepContext } from './keeper-event.js';
import { emptyState, type KeeperState } from './keeper-state.js';
import { isOlder, versionOf } from './state-age.js';

type Opened = Extract<KeeperEvent, { type: 'opened' }>;

/** Finds out what is true: what is stored, what this server remembers, and what another may have left behind. */
export function onOpened(stored: KeeperState, opened: Opened, context: StepContext): KeeperState {
  const state = newerOf(stored, opened.remembered);
  const doubtSinceMs = state.doubtSinceMs ?? doubtSince(stored, state, opened, context);
  const settled =
    state.attempt === null && doubtSinceMs === state.doubtSinceMs
      ? state
      : { ...state, attempt: null, doubtSinceMs };
  return withOrigin(settled, opened, context);
}

/** A Redis that came back empty, or older, does not make a token go back: what is remembered goes on. */
function newerOf(stored: KeeperState, remembered: KeeperState): KeeperState {
  if (!isOlder(stored, remembered)) return stored;
  const revision = Math.max(stored.revision, remembered.revision);
  return { ...remembered, revision, usage: moreUsed(stored.usage, remembered.usage) };
}

/** Since when a token may exist that nobody knows, or null. */
function doubtSince(
  stored: KeeperState,
  state: KeeperState,
  { inDoubt }: Opened,
  context: StepContext,
): number | null {
  // Either may be the only one to know of it: the store after a crash, the memory when Redis has lost a write.
  const attempt = state.attempt ?? stored.attempt;
  if (attempt !== null && attempt.id !== state.settledAttemptId) return attempt.startedAtMs;
  return inDoubt || haveDiverged(stored, state, context) ? context.nowMs : null;
}

/**
 * In stable mode servers go on alone while they cannot reach Redis, and those who still can may have replaced the token
 * meanwhile. A normal call, which costs nothing, tells which token is the one.
 */
function haveDiverged(stored: KeeperState, state: KeeperState, { policy }: StepContext): boolean {
  return policy.mode === 'stable' && stored.record !== null && stored.record.value !== state.record?.value;
}

/**
 * A token of another platform is none of ours. And what somebody has mended (another secret; or whatever made them
 * start the server anew: a whitelist, a quota that was cleared, a larger budget) does not wait for the end of a back-off.
 */
function withOrigin(state: KeeperState, { isStart }: Opened, { origin }: StepContext): KeeperState {
  const { origin: known, failure, revision } = state;
  if (known !== null && known.upstream !== origin.upstream) {
    return { ...emptyState, revision, versionFloor: versionOf(state), origin };
  }
  const isMended = known?.credentials !== origin.credentials || isStart;
  if (known?.credentials === origin.credentials && !(isMended && failure !== null)) return state;
  return { ...state, origin, failure: isMended ? null : failure };
}
