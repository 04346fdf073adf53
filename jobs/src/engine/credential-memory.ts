import { EventEmitter } from 'node:events';
import { type CredentialId, nameOf } from '../core/credential.js';
import { type CredentialRecord, emptyState, type KeeperState } from '../core/keeper-state.js';
import { isOlder } from '../core/state-age.js';

/** The states as this process knows them: what every read is answered from. */
export interface CredentialMemory {
  get(id: CredentialId): KeeperState;
  /** Takes a state over, unless it is older than what is known. */
  apply(id: CredentialId, state: KeeperState): void;
  /** A lease of this credential was given back. */
  noteReleased(id: CredentialId): void;
  /** Calls back at each `apply` and `noteReleased` of this credential, until the returned function is called. */
  onChange(id: CredentialId, callback: () => void): () => void;
  /** Calls back with each new version of any credential, until the returned function is called. */
  onRecord(callback: (id: CredentialId, record: CredentialRecord) => void): () => void;
}

/** No credential's name: those hold a dot. */
const NEW_RECORD = 'new-record';

export function createCredentialMemory(): CredentialMemory {
  const states = new Map<string, KeeperState>();
  const changes = new EventEmitter().setMaxListeners(0);
  return {
    get: (id) => states.get(nameOf(id)) ?? emptyState,
    apply(id, state) {
      const known = states.get(nameOf(id)) ?? emptyState;
      if (isOlder(state, known)) return;
      states.set(nameOf(id), state);
      changes.emit(nameOf(id));
      const { record } = state;
      if (record !== null && record.version !== known.record?.version) changes.emit(NEW_RECORD, id, record);
    },
    noteReleased: (id) => void changes.emit(nameOf(id)),
    onChange(id, callback) {
      changes.on(nameOf(id), callback);
      return () => void changes.off(nameOf(id), callback);
    },
    onRecord(callback) {
      changes.on(NEW_RECORD, callback);
      return () => void changes.off(NEW_RECORD, callback);
    },
  };
}
