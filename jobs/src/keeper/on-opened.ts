import { higherUsage } from './budget.js';
import type { KeeperEvent, StepContext } from './event.js';
import { emptyState, isOlder, type KeeperState, versionOf } from './state.js';
import { refreshAtMs } from './timing.js';

type Opened = Extract<KeeperEvent, { type: 'opened' }>;

/** Combines what is stored, what this server remembers, and what another holder may have left behind. */
export function onOpened(stored: KeeperState, opened: Opened, context: StepContext): KeeperState {
  const state = withShorterLife(newerOf(stored, opened.remembered), opened.remembered);
  const doubtSinceMs = state.doubtSinceMs ?? doubtSince(stored, state, opened, context);
  const settled =
    state.attempt === null && doubtSinceMs === state.doubtSinceMs
      ? state
      : { ...state, attempt: null, doubtSinceMs };
  return withPlan(withOrigin(settled, opened, context), context);
}

/** A Redis that came back empty or older does not take the token back: what is remembered goes on. */
function newerOf(stored: KeeperState, remembered: KeeperState): KeeperState {
  if (!isOlder(stored, remembered)) return stored;
  const revision = Math.max(stored.revision, remembered.revision);
  return { ...remembered, revision, usage: higherUsage(stored.usage, remembered.usage) };
}

/** What is stored was written under a clock that has been set back since; this server knows how long the token lives. */
function withShorterLife(state: KeeperState, { record, refreshAtMs }: KeeperState): KeeperState {
  const isSame = record !== null && record.version === state.record?.version;
  return isSame && record.expiresAtMs < state.record.expiresAtMs ? { ...state, record, refreshAtMs } : state;
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
 * In stable mode servers fetch on their own while they cannot reach Redis, and those that can may have replaced the token
 * meanwhile. An unforced fetch costs nothing, and shows which token is the current one.
 */
function haveDiverged(stored: KeeperState, state: KeeperState, { policy }: StepContext): boolean {
  return policy.mode === 'stable' && stored.record !== null && stored.record.value !== state.record?.value;
}

/** Plans the refresh anew when an operator has changed the lead or the jitter. */
function withPlan(state: KeeperState, { policy, nowMs, random }: StepContext): KeeperState {
  const { record, plannedWith } = state;
  const { leadMs, jitterMs } = policy;
  const isSame = plannedWith?.leadMs === leadMs && plannedWith.jitterMs === jitterMs;
  if (record === null || plannedWith === null || isSame) return state;
  return {
    ...state,
    refreshAtMs: refreshAtMs(record, policy, nowMs, random),
    plannedWith: { leadMs, jitterMs },
  };
}

/**
 * Resets the state if the server now fetches elsewhere. If the secret changed or the server was restarted, drops the
 * failure and retries at once: somebody may have mended the cause (secret, whitelist, quota, budget).
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
