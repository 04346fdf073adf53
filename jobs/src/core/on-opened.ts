import type { KeeperEvent, StepContext, StepResult } from './keeper-event.js';
import type { KeeperState } from './keeper-state.js';
import { isOlder } from './state-age.js';

type Opened = Extract<KeeperEvent, { type: 'opened' }>;

/** Finds out what is true: what is stored, what this server remembers, and what another may have left behind. */
export function onOpened(stored: KeeperState, opened: Opened, context: StepContext): StepResult {
  const state = newerOf(stored, opened.remembered);
  const doubtSinceMs = state.doubtSinceMs ?? doubtSince(stored, state, opened, context);
  const isUnchanged = state === stored && stored.attempt === null && doubtSinceMs === stored.doubtSinceMs;
  return { state: isUnchanged ? stored : { ...state, attempt: null, doubtSinceMs }, commands: [] };
}

/** A Redis that came back empty, or older, does not make a token go back: what is remembered goes on. */
function newerOf(stored: KeeperState, remembered: KeeperState): KeeperState {
  if (!isOlder(stored, remembered)) return stored;
  const revision = Math.max(stored.revision, remembered.revision);
  const usage = stored.usage.fetches > remembered.usage.fetches ? stored.usage : remembered.usage;
  return { ...remembered, revision, usage };
}

/** Since when a token may exist that nobody knows, or null. */
function doubtSince(
  stored: KeeperState,
  state: KeeperState,
  { inDoubt }: Opened,
  context: StepContext,
): number | null {
  const { attempt } = stored;
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
