import { type CredentialId, emptyState, type KeeperState } from '../keeper/state.js';
import type { Sealer } from './sealer.js';

/** The shape in which a state is stored; raised when an older server could no longer read it. */
const FORMAT = 1;

interface Format1 {
  readonly format: number;
  readonly verification?: KeeperState['lastCheck'];
}

/** The state as one line of JSON in which the credential's value is sealed. */
export function encodeState(id: CredentialId, state: KeeperState, sealer: Sealer): string {
  const { record } = state;
  const stored = record === null ? null : { ...record, value: sealer.seal(record.value, sealContext(id)) };
  return JSON.stringify({ format: FORMAT, ...state, record: stored });
}

/** @throws Error when the text has another format, or was sealed under another master key */
export function decodeState(id: CredentialId, text: string | null, sealer: Sealer): KeeperState {
  if (text === null) return emptyState;
  const { format, verification, ...stored } = JSON.parse(text) as KeeperState & Format1;
  if (format !== FORMAT)
    throw new Error(`the stored state has format ${format}; this server reads ${FORMAT}`);
  // A server of an earlier release knew less, and called the last check otherwise.
  const state = { ...emptyState, ...stored, lastCheck: stored.lastCheck ?? verification ?? null };
  if (state.record === null) return state;
  return { ...state, record: { ...state.record, value: sealer.unseal(state.record.value, sealContext(id)) } };
}

function sealContext({ appId, kind }: CredentialId): string {
  return `${appId}/${kind}/value`;
}
