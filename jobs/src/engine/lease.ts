import { randomUUID } from 'node:crypto';
import { CodedError } from '@zhongkong/shared';
import type { CredentialId } from '../core/credential.js';
import type { KeeperState } from '../core/keeper-state.js';
import type { CredentialStore } from '../redis/credential-store.js';
import type { CredentialMemory } from './credential-memory.js';
import { until } from './until.js';

/** What a dead holder costs the others at most; a living one renews long before. */
const LEASE_MS = 4_000;
const RENEW_MS = LEASE_MS / 4;
export interface Lease {
  readonly owner: string;
  /** What was stored when it was taken. */
  readonly stored: KeeperState;
  /** Whether it surely has not run out; false after this process was paused. */
  isHeld(): boolean;
  release(): Promise<void>;
}

/** Longer than the slowest session: a dead holder's lease, then a check, a fetch and a forced one. */
export function leasePatienceMs(upstreamTimeoutMs: number): number {
  return LEASE_MS + 4 * upstreamTimeoutMs;
}

/**
 * Takes the lease of a credential. While another has it, waits to be woken by what that one commits or by its
 * giving back; `stillWanted` is asked after each waking, since the other may have done our work.
 * @returns null when it is no longer wanted
 * @throws CodedError `lease_busy`, `store_unavailable`
 */
export async function takeLease(
  { store, memory }: { store: CredentialStore; memory: CredentialMemory },
  id: CredentialId,
  patienceMs: number,
  stillWanted: () => boolean,
): Promise<Lease | null> {
  const owner = randomUUID();
  const giveUpAtMs = performance.now() + patienceMs;
  while (stillWanted()) {
    // Subscribed before asking, so that a giving back in between is not missed.
    const change = until((callback) => memory.onChange(id, callback));
    try {
      const askedAt = performance.now();
      const result = await store.open(id, owner, LEASE_MS);
      if (result.opened) return keep(store, id, owner, result.state, askedAt);
      if (performance.now() > giveUpAtMs)
        throw new CodedError(`Another server has held the lease of ${id.appId} for too long`, {
          code: 'lease_busy',
        });
      change.endAfter(result.endsInMs);
      await change.happened;
    } finally {
      change.cancel();
    }
  }
  return null;
}

function keep(
  store: CredentialStore,
  id: CredentialId,
  owner: string,
  stored: KeeperState,
  takenAt: number,
): Lease {
  let heldUntil = takenAt + LEASE_MS;
  const renewal = setInterval(async () => {
    const askedAt = performance.now();
    // A renewal that fails needs no handling: the store refuses the saves of a holder that was replaced.
    if (await store.renew(id, owner, LEASE_MS).catch(() => false)) heldUntil = askedAt + LEASE_MS;
  }, RENEW_MS);
  return {
    owner,
    stored,
    isHeld: () => performance.now() < heldUntil,
    async release() {
      clearInterval(renewal);
      // If it cannot be given back it ends by itself.
      await store.release(id, owner).catch(() => {});
    },
  };
}

/** Stands for the lease while Redis is away, where acting alone can harm nobody. */
export function aloneWith(stored: KeeperState): Lease {
  return { owner: 'alone', stored, isHeld: () => true, release: async () => {} };
}
