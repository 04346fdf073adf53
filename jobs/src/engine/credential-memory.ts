import { EventEmitter } from 'node:events';
import type { CredentialId } from '../core/credential.js';
import { emptyState, type KeeperState } from '../core/keeper-state.js';
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
}

export function createCredentialMemory(): CredentialMemory {
  const states = new Map<string, KeeperState>();
  const changes = new EventEmitter().setMaxListeners(0);
  const nameOf = ({ appId, kind }: CredentialId) => `${appId}/${kind}`;
  return {
    get: (id) => states.get(nameOf(id)) ?? emptyState,
    apply(id, state) {
      if (isOlder(state, states.get(nameOf(id)) ?? emptyState)) return;
      states.set(nameOf(id), state);
      changes.emit(nameOf(id));
    },
    noteReleased: (id) => void changes.emit(nameOf(id)),
    onChange(id, callback) {
      changes.on(nameOf(id), callback);
      return () => void changes.off(nameOf(id), callback);
    },
  };
}
