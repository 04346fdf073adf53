import { randomUUID } from 'node:crypto';
import type { CredentialId } from '../core/credential.js';
import type { KeeperState } from '../core/keeper-state.js';
import type { CredentialStore } from '../redis/credential-store.js';
import type { CredentialMemory } from './credential-memory.js';
import { until } from './until.js';

/** What a dead holder costs the others at most; a living one renews long before. */
const LEASE_MS = 4_000;
/** Longer than the slowest session: lease, check and fetch, each with its own time-out. */
const PATIENCE_MS = 15_000;

export interface Lease {
  readonly owner: string;
  readonly state: KeeperState;
  release(): Promise<void>;
}

/** The lease stayed with others for longer than any session takes. */
export class LeaseBusyError extends Error {
  override readonly name = 'LeaseBusyError';
}

/**
 * Takes the lease of a credential. While another has it, waits to be woken by what that one commits or by its
 * giving back; `stillWanted` is asked after each waking, since the other may have done our work.
 * @returns null when it is no longer wanted
 * @throws LeaseBusyError, or whatever keeps the store away
 */
export async function takeLease(
  { store, memory }: { store: CredentialStore; memory: CredentialMemory },
  id: CredentialId,
  stillWanted: () => boolean,
): Promise<Lease | null> {
  const owner = randomUUID();
  const giveUpAtMs = performance.now() + PATIENCE_MS;
  while (stillWanted()) {
    // Subscribed before asking, so that a giving back in between is not missed.
    const change = until((callback) => memory.onChange(id, callback));
    try {
      const result = await store.open(id, owner, LEASE_MS);
      if (result.opened) return keep(store, id, owner, result.state);
      if (performance.now() > giveUpAtMs) throw new LeaseBusyError(`the lease of ${id.appId} stays taken`);
      change.endAfter(result.endsInMs);
      await change.happened;
    } finally {
      change.cancel();
    }
  }
  return null;
}

function keep(store: CredentialStore, id: CredentialId, owner: string, state: KeeperState): Lease {
  // A renewal that fails needs no handling here: the store refuses the saves of a holder that was replaced.
  const renewal = setInterval(() => store.renew(id, owner, LEASE_MS).catch(() => {}), LEASE_MS / 4);
  return {
    owner,
    state,
    async release() {
      clearInterval(renewal);
      // If it cannot be given back it ends by itself.
      await store.release(id, owner).catch(() => {});
    },
  };
}
