import { encodeNotice } from './change-feed.js';
import type { RedisClient } from './connections.js';
import { rejectUnavailable } from './credential-store.js';
import type { Keys } from './keys.js';
import type { Sealer } from './sealer.js';

/** What the registry holds. */
export const REGISTRY_TABLES = ['apps', 'clients'] as const;
export type RegistryTable = (typeof REGISTRY_TABLES)[number];

/** One entry, opened; `text` is what is stored, and has to be named to change it. */
export interface RegistryEntry {
  readonly id: string;
  readonly text: string;
  /** Undefined: it cannot be opened with the master key. */
  readonly value: unknown;
}

export interface RegistryChange {
  readonly changeId: string;
  readonly table: RegistryTable;
  readonly id: string;
}

/** Changes that are kept; a server that missed more reads everything. */
const CHANGES_MAX = 10_000;
const SCAN_COUNT = 1_000;

/**
 * KEYS table, changes. ARGV id, the text that is stored now ('' for none), the new text ('' to remove), table, number of
 * changes to keep, channel, notice. Returns the id of the change, or nil when something else is stored.
 */
const PUT = `
if (redis.call('HGET', KEYS[1], ARGV[1]) or '') ~= ARGV[2] then return false end
if ARGV[3] == '' then redis.call('HDEL', KEYS[1], ARGV[1]) else redis.call('HSET', KEYS[1], ARGV[1], ARGV[3]) end
local change = redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[5], '*', 'table', ARGV[4], 'id', ARGV[1])
redis.call('PUBLISH', ARGV[6], ARGV[7])
return change`;

/**
 * Apps and clients that were made through the API, sealed in Redis and known to all servers. Every method rejects with a
 * CodedError `store_unavailable` while Redis is away.
 */
export interface RegistryStore {
  read(table: RegistryTable, id: string): Promise<RegistryEntry | undefined>;
  readAll(table: RegistryTable): Promise<RegistryEntry[]>;
  /**
   * Stores or removes an entry, if what is stored is still the same, and tells all servers.
   * @param current undefined: there must be none @param value undefined: remove it
   * @returns the id of the change; null: somebody else changed the entry
   */
  put(
    table: RegistryTable,
    id: string,
    current: RegistryEntry | undefined,
    value: object | undefined,
  ): Promise<string | null>;
  /** The id of the last change; null when there never was one, or Redis has lost its data. */
  lastChangeId(): Promise<string | null>;
  /** The changes after this one; null when it is not kept any more. */
  changesAfter(changeId: string): Promise<RegistryChange[] | null>;
}

export function createRegistryStore(redis: RedisClient, keys: Keys, sealer: Sealer): RegistryStore {
  const contextOf = (table: RegistryTable, id: string) => `registry/${table}/${id}`;
  const open = (table: RegistryTable, id: string, text: string): RegistryEntry => {
    try {
      return { id, text, value: JSON.parse(sealer.unseal(text, contextOf(table, id))) };
    } catch {
      return { id, text, value: undefined };
    }
  };
  return {
    async read(table, id) {
      const text = await redis.hget(keys.registry[table], id).catch(rejectUnavailable);
      return text === null ? undefined : open(table, id, text);
    },
    async readAll(table) {
      const entries = new Map<string, RegistryEntry>();
      let cursor = '0';
      do {
        const [next, found] = await redis
          .hscan(keys.registry[table], cursor, 'COUNT', SCAN_COUNT)
          .catch(rejectUnavailable);
        cursor = next;
        for (let at = 0; at + 1 < found.length; at += 2) {
          const [id = '', text = ''] = found.slice(at, at + 2);
          entries.set(id, open(table, id, text));
        }
      } while (cursor !== '0');
      return [...entries.values()];
    },
    async put(table, id, current, value) {
      const text = value === undefined ? '' : sealer.seal(JSON.stringify(value), contextOf(table, id));
      const reply = await redis
        .eval(
          PUT,
          2,
          keys.registry[table],
          keys.registryChanges,
          id,
          current?.text ?? '',
          text,
          table,
          CHANGES_MAX,
          keys.changes,
          encodeNotice(keys),
        )
        .catch(rejectUnavailable);
      return typeof reply === 'string' ? reply : null;
    },
    async lastChangeId() {
      const [last] = await redis
        .xrevrange(keys.registryChanges, '+', '-', 'COUNT', 1)
        .catch(rejectUnavailable);
      return last?.[0] ?? null;
    },
    async changesAfter(changeId) {
      const found = await redis.xrange(keys.registryChanges, changeId, '+').catch(rejectUnavailable);
      if (found[0]?.[0] !== changeId) return null;
      return found.slice(1).map(([id, fields]) => toChange(id, fields));
    },
  };
}

function toChange(changeId: string, fields: string[]): RegistryChange {
  const [, table = '', , id = ''] = fields;
  return { changeId, table: table as RegistryTable, id };
}
