import { randomUUID } from 'node:crypto';
import { CodedError } from '@zhongkong/shared';
import type { CredentialId, KeeperState } from '../keeper/state.js';
import type { CredentialStore } from '../redis/credential-store.js';
import type { LeaseWaitEvent } from './events.js';
import { waitForCallback } from './wait-for-callback.js';

/** A holder that was killed costs the others this long at most; a living one renews long before. */
const LEASE_MS = 4_000;
const RENEW_MS = LEASE_MS / 4;

/** The right to change one credential. */
export interface Lease {
  /** The state that was stored when the lease was taken. */
  readonly stored: KeeperState;
  /** Whether it surely has not run out; false after this process was paused. */
  isHeld(): boolean;
  /** Saves and tells all servers. `false`: another holder has taken over. @throws CodedError `store_unavailable` */
  save(state: KeeperState): Promise<boolean>;
  release(): Promise<void>;
}

export interface TakeLeaseOptions {
  readonly store: CredentialStore;
  readonly id: CredentialId;
  /** Gives up after waiting this long for another holder. */
  readonly patienceMs: number;
  /** Registers a callback for commits and releases of this credential; returns the function that removes it. */
  readonly onChange: (callback: () => void) => () => void;
  /** Asked after each change: the other holder may have done our work. */
  readonly isWanted: () => boolean;
  /** Called at the end of a wait for another holder, with how it ended. */
  readonly onWaited: (outcome: LeaseWaitEvent['outcome'], tookMs: number) => void;
}

/** Longer than the slowest session: a killed holder's lease, then a check, a fetch and a forced one. */
export function leasePatienceMs(upstreamTimeoutMs: number): number {
  return LEASE_MS + 4 * upstreamTimeoutMs;
}

/**
 * Takes the lease of a credential. While another server has it, waits for its commit or release.
 * @returns null when it is no longer wanted
 * @throws CodedError `lease_busy` when another holder outlasts the patience; `store_unavailable`
 */
export async function takeLease(options: TakeLeaseOptions): Promise<Lease | null> {
  const { store, id, patienceMs, onChange, isWanted } = options;
  const owner = randomUUID();
  const startedAt = performance.now();
  const giveUpAt = startedAt + patienceMs;
  let outcome: LeaseWaitEvent['outcome'] = 'unavailable';
  let isWaiting = false;
  try {
    while (isWanted()) {
      // Subscribed before asking, so that a release in between is not missed.
      const change = waitForCallback(onChange);
      try {
        const askedAt = performance.now();
        const result = await store.open(id, owner, LEASE_MS);
        if (result.opened) {
          outcome = 'taken';
          return holdLease(store, id, owner, result.state, askedAt);
        }
        isWaiting = true;
        if (performance.now() > giveUpAt) {
          outcome = 'busy';
          const message = `Another server has held the lease of ${id.appId} for too long`;
          throw new CodedError(message, { code: 'lease_busy' });
        }
        change.endAfter(result.endsInMs);
        await change.happened;
      } finally {
        change.end();
      }
    }
    outcome = 'not-needed';
    return null;
  } finally {
    if (isWaiting) options.onWaited(outcome, performance.now() - startedAt);
  }
}

function holdLease(
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
    stored,
    isHeld: () => performance.now() < heldUntil,
    save: (state) => store.save(id, owner, state),
    async release() {
      clearInterval(renewal);
      // If it cannot be given back, it ends by itself.
      await store.release(id, owner).catch(() => {});
    },
  };
}

/** Stands for the lease while Redis is away, where a server may fetch on its own. Saves nothing. */
export function leaseWithoutRedis(remembered: KeeperState): Lease {
  return { stored: remembered, isHeld: () => true, save: async () => true, release: async () => {} };
}
