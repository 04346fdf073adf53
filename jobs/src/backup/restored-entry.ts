import type { CredentialId, KeeperState } from '../keeper/state.js';
import type { Sealer } from '../redis/sealer.js';
import { decodeState, encodeState } from '../redis/state-codec.js';
import type { StoredEntry } from './stored-entries.js';

const STATE_NAME = /^:\{([^}]*)\}:([^:]+):data$/;

/**
 * An entry of a backup as it is to be stored: a token of then may have been replaced since, so the server checks it
 * before anybody reports it. What cannot be opened stays as it is.
 */
export function restoredEntry(entry: StoredEntry, nowMs: number, sealer: Sealer): StoredEntry {
  const [, appId, kind] = STATE_NAME.exec(entry.name) ?? [];
  if (entry.type !== 'hash' || appId === undefined) return entry;
  const id = { appId, kind: kind as CredentialId['kind'] };
  const { state, ...others } = entry.value;
  if (state === undefined) return entry;
  try {
    const suspected = suspect(decodeState(id, state, sealer), nowMs);
    return { ...entry, value: { ...others, state: encodeState(id, suspected, sealer) } };
  } catch {
    return entry;
  }
}

function suspect(state: KeeperState, nowMs: number): KeeperState {
  return { ...state, suspectVersion: state.record?.version ?? null, wakeAtMs: nowMs, plannedAtMs: nowMs };
}
