import { CodedError } from '@zhongkong/shared';
import { type CredentialId, emptyState, type KeeperState } from '../keeper/state.js';
import { encodeChange } from './change-feed.js';
import type { RedisClient } from './connections.js';
import { isNewerData } from './data-format.js';
import type { Keys } from './keys.js';
import { OPEN, RELEASE, RENEW, SAVE } from './scripts.js';
import type { Sealer } from './sealer.js';
import { decodeState, encodeState } from './state-codec.js';

type OpenResult =
  | { readonly opened: true; readonly state: KeeperState }
  /** Another server has the lease, for this long if it is not renewed. */
  | { readonly opened: false; readonly endsInMs: number };

/** Redis cannot be reached, or cannot do its work. */
export function storeUnavailable(cause: unknown): CodedError {
  return new CodedError('Redis is unavailable', { code: 'store_unavailable', cause });
}

/**
 * The states of all credentials in Redis, and the right to change one. Every method rejects with a CodedError
 * `store_unavailable` while Redis is away.
 */
export interface CredentialStore {
  load(id: CredentialId): Promise<KeeperState>;
  /** Takes the lease for `owner`, a name unique for ever. */
  open(id: CredentialId, owner: string, leaseMs: number): Promise<OpenResult>;
  renew(id: CredentialId, owner: string, leaseMs: number): Promise<boolean>;
  /** Saves and tells all servers. `false`: another holder has taken over, and nothing was changed. */
  save(id: CredentialId, owner: string, state: KeeperState): Promise<boolean>;
  release(id: CredentialId, owner: string): Promise<void>;
  /** Removes everything that is kept of a credential, its history too. */
  erase(id: CredentialId): Promise<void>;
}

export interface CredentialStoreOptions {
  readonly redis: RedisClient;
  readonly keys: Keys;
  readonly sealer: Sealer;
  /** Called when a stored state cannot be read; it then counts as lost. */
  readonly onUnreadable: (id: CredentialId, error: unknown) => void;
}

export function createCredentialStore(options: CredentialStoreOptions): CredentialStore {
  const { redis, keys, sealer, onUnreadable } = options;
  const decode = (id: CredentialId, text: string | null) => {
    try {
      return decodeState(id, text, sealer);
    } catch (error) {
      // It is not lost: the newer servers go on with it.
      if (isNewerData(error)) throw storeUnavailable(error);
      onUnreadable(id, error);
      return emptyState;
    }
  };
  return {
    async load(id) {
      return decode(id, await redis.hget(keys.data(id), 'state').catch(noneOfWrongType));
    },
    async open(id, owner, leaseMs) {
      const reply = await redis
        .eval(OPEN, 2, keys.lease(id), keys.data(id), owner, leaseMs)
        .catch(rejectUnavailable);
      const [taken, rest] = reply as [1, string | null] | [0, number];
      if (taken !== 1) return { opened: false, endsInMs: Math.max(1, rest) };
      try {
        return { opened: true, state: decode(id, rest) };
      } catch (error) {
        await this.release(id, owner);
        throw error;
      }
    },
    async renew(id, owner, leaseMs) {
      return (await redis.eval(RENEW, 1, keys.lease(id), owner, leaseMs).catch(rejectUnavailable)) === 1;
    },
    async save(id, owner, state) {
      const encoded = encodeState(id, state, sealer);
      const message = encodeChange(keys, { ...id, state: encoded });
      return (
        (await redis
          .eval(SAVE, 1, keys.data(id), owner, encoded, keys.changes, message)
          .catch(rejectUnavailable)) === 1
      );
    },
    async release(id, owner) {
      await redis
        .eval(RELEASE, 1, keys.lease(id), owner, keys.changes, encodeChange(keys, id))
        .catch(rejectUnavailable);
    },
    async erase(id) {
      await redis
        .del(keys.data(id), keys.lease(id), keys.refreshes(id), keys.reports(id))
        .catch(rejectUnavailable);
    },
  };
}

/** A key of another type holds no state; taking the lease drops it. */
function noneOfWrongType(error: Error): null {
  return error.message.startsWith('WRONGTYPE') ? null : rejectUnavailable(error);
}

/** For `catch`: what ioredis rejects with means that Redis is unavailable. */
export function rejectUnavailable(cause: unknown): never {
  throw storeUnavailable(cause);
}
