import type { KeeperEvent, StepContext, StepResult } from './keeper-event.js';
import type { KeeperState } from './keeper-state.js';
import { isOlder } from './state-age.js';

type Opened = Extract<KeeperEvent, { type: 'opened' }>;

/** Finds out what is true: what is stored, what this server remembers, and what another may have left behind. */
export function onOpened(
  stored: KeeperState,
  { remembered, inDoubt }: Opened,
  context: StepContext,
): StepResult {
  const state = newerOf(stored, remembered);
  const { attempt } = stored;
  const wasLeftBehind = attempt !== null && attempt.id !== state.settledAttemptId;
  const doubtSinceMs =
    state.doubtSinceMs ?? (wasLeftBehind ? attempt.startedAtMs : inDoubt ? context.nowMs : null);
  if (state === stored && attempt === null && doubtSinceMs === stored.doubtSinceMs)
    return { state, commands: [] };
  return { state: { ...state, attempt: null, doubtSinceMs }, commands: [] };
}

/** A Redis that came back empty, or older, does not make a token go back: what is remembered goes on. */
function newerOf(stored: KeeperState, remembered: KeeperState): KeeperState {
  if (!isOlder(stored, remembered)) return stored;
  const revision = Math.max(stored.revision, remembered.revision);
  const usage = stored.usage.fetches > remembered.usage.fetches ? stored.usage : remembered.usage;
  return { ...remembered, revision, usage };
}
