import { emptyState, type KeeperState } from '../../keeper/state.js';
import type { CredentialStore } from '../../redis/credential-store.js';

/** One credential's store in memory, with the rules of the real one: one holder, and its saves are fenced. */
export class MemoryStore implements CredentialStore {
  stored: KeeperState = emptyState;
  /** Set by tests to take Redis away. */
  error: Error | null = null;
  #leaseOwner: string | null = null;
  #holder: string | null = null;

  async load(): Promise<KeeperState> {
    if (this.error !== null) throw this.error;
    return this.stored;
  }

  async open(_id: unknown, owner: string) {
    if (this.error !== null) throw this.error;
    if (this.#leaseOwner !== null) return { opened: false as const, endsInMs: 20 };
    this.takeOver(owner);
    return { opened: true as const, state: this.stored };
  }

  /** Another server takes the lease. */
  takeOver(owner: string): void {
    this.#leaseOwner = owner;
    this.#holder = owner;
  }

  async renew(_id: unknown, owner: string): Promise<boolean> {
    return this.#leaseOwner === owner;
  }

  async save(_id: unknown, owner: string, state: KeeperState): Promise<boolean> {
    if (this.error !== null) throw this.error;
    if (this.#holder !== owner) return false;
    this.stored = state;
    return true;
  }

  async release(_id: unknown, owner: string): Promise<void> {
    if (this.#leaseOwner === owner) this.#leaseOwner = null;
  }

  async erase(): Promise<void> {
    this.stored = emptyState;
    this.#holder = null;
  }
}
