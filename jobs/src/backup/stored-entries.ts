import { CodedError } from '@zhongkong/shared';
import type { ChainableCommander } from 'ioredis';
import { z } from 'zod';
import type { RedisClient } from '../redis/connections.js';
import { storeUnavailable } from '../redis/credential-store.js';
import { createKeys } from '../redis/keys.js';
import { scanKeys } from '../redis/scan-keys.js';

const FIELDS_AT_ONCE = 1_000;

/** What Redis holds under one key, or a part of it. Names have no prefix, so that they fit an installation with another one. */
export const storedEntry = z.discriminatedUnion('type', [
  z.object({ name: z.string(), type: z.literal('string'), value: z.string() }),
  z.object({ name: z.string(), type: z.literal('hash'), value: z.record(z.string(), z.string()) }),
  z.object({ name: z.string(), type: z.literal('zset'), value: z.array(z.tuple([z.string(), z.string()])) }),
  z.object({
    name: z.string(),
    type: z.literal('stream'),
    value: z.array(z.tuple([z.string(), z.array(z.string())])),
  }),
]);
export type StoredEntry = z.infer<typeof storedEntry>;

/** What an installation is made of. What only running servers need (leases, jobs, their list) is not: it is made anew. */
function lastingKeys(prefix: string): { keys: string[]; patterns: string[] } {
  const { masterKeyCheck, format, registry, registryChanges, audit, lastUsed, fileApps, alerts } = createKeys(
    prefix,
    0,
  );
  return {
    keys: [
      format,
      masterKeyCheck,
      ...Object.values(registry),
      registryChanges,
      audit,
      lastUsed,
      fileApps,
      alerts,
    ],
    patterns: ['data', 'refreshes', 'reports'].map((part) => `${prefix}:{*}:*:${part}`),
  };
}

function passingPatterns(prefix: string): string[] {
  return [`${prefix}:{*}:*:lease`, `${prefix}:servers`, `{${prefix}:queue}:*`];
}

/** Everything that lasts of an installation. */
export async function* readStored(redis: RedisClient, prefix: string): AsyncGenerator<StoredEntry> {
  const { keys, patterns } = lastingKeys(prefix);
  for (const key of keys) yield* readKey(redis, key, prefix);
  const seen = new Set<string>();
  for (const pattern of patterns) {
    for await (const found of scanKeys(redis, pattern)) {
      for (const key of found) {
        if (seen.has(key)) continue;
        seen.add(key);
        yield* readKey(redis, key, prefix);
      }
    }
  }
}

/** Whether nothing of this installation is there. */
export async function holdsNothing(redis: RedisClient, prefix: string): Promise<boolean> {
  for await (const _ of readStored(redis, prefix)) return false;
  return true;
}

/** Removes everything of an installation, what only running servers need too. */
export async function eraseStored(redis: RedisClient, prefix: string): Promise<void> {
  const { keys, patterns } = lastingKeys(prefix);
  for (const key of keys) await redis.unlink(key);
  for (const pattern of [...patterns, ...passingPatterns(prefix)]) {
    for await (const found of scanKeys(redis, pattern))
      await Promise.all(found.map((key) => redis.unlink(key)));
  }
}

/** @throws CodedError `store_unavailable` when Redis does not take an entry */
export async function writeStored(
  redis: RedisClient,
  prefix: string,
  entries: readonly StoredEntry[],
): Promise<void> {
  await Promise.all(
    entries.map(async (entry) => {
      const results = await writeEntry(redis.pipeline(), keyOf(entry.name, prefix), entry).exec();
      const failed = results?.find(([error]) => error !== null);
      if (!results || failed) throw storeUnavailable(failed?.[0]);
    }),
  );
}

/** `zhongkong:{wx1}:…` becomes `:{wx1}:…`, and `{zhongkong:registry}:apps` becomes `{:registry}:apps`. */
function nameOf(key: string, prefix: string): string {
  return key.startsWith('{') ? `{${key.slice(prefix.length + 1)}` : key.slice(prefix.length);
}

function keyOf(name: string, prefix: string): string {
  return name.startsWith('{') ? `{${prefix}${name.slice(1)}` : `${prefix}${name}`;
}

async function* readKey(redis: RedisClient, key: string, prefix: string): AsyncGenerator<StoredEntry> {
  const name = nameOf(key, prefix);
  const type = await redis.type(key);
  if (type === 'string') {
    const value = await redis.get(key);
    if (value !== null) yield { name, type, value };
  } else if (type === 'hash') yield* readHash(redis, key, name);
  else if (type === 'zset') yield { name, type, value: pairs(await redis.zrange(key, 0, -1, 'WITHSCORES')) };
  else if (type === 'stream') yield { name, type, value: await redis.xrange(key, '-', '+') };
  else if (type !== 'none')
    throw new CodedError(`the key ${key} holds a ${type}, which Zhongkong never stores`, {
      code: 'foreign_key',
    });
}

async function* readHash(redis: RedisClient, key: string, name: string): AsyncGenerator<StoredEntry> {
  let cursor = '0';
  do {
    const [next, found] = await redis.hscan(key, cursor, 'COUNT', FIELDS_AT_ONCE);
    if (found.length > 0) yield { name, type: 'hash', value: Object.fromEntries(pairs(found)) };
    cursor = next;
  } while (cursor !== '0');
}

function pairs(flat: readonly string[]): [string, string][] {
  return flat.flatMap((one, at): [string, string][] => (at % 2 === 0 ? [[one, flat[at + 1] ?? '']] : []));
}

function writeEntry(pipeline: ChainableCommander, key: string, entry: StoredEntry): ChainableCommander {
  if (entry.type === 'string') return pipeline.set(key, entry.value);
  if (entry.type === 'hash') return pipeline.hset(key, entry.value);
  if (entry.type === 'zset') for (const [member, score] of entry.value) pipeline.zadd(key, score, member);
  else for (const [id, fields] of entry.value) pipeline.xadd(key, id, ...fields);
  return pipeline;
}
