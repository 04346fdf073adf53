import { commit, newRecord } from './commit.js';
import type { KeeperEvent, StepContext } from './keeper-event.js';
import type { KeeperState } from './keeper-state.js';

type Pushed = Extract<KeeperEvent, { type: 'pushed' }>;

/** Takes over what another system fetched; the same token again only gets its life corrected. */
export function onPushed(
  state: KeeperState,
  { value, expiresInMs }: Pushed,
  context: StepContext,
): KeeperState {
  const { nowMs } = context;
  const { record } = state;
  const expiresAtMs = nowMs + expiresInMs;
  if (record?.value === value) return commit(state, { ...record, expiresAtMs }, context);
  return commit(state, newRecord(state, value, nowMs, { expiresAtMs, lifeMs: expiresInMs }), context);
}
