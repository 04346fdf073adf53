import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { type KeyRing, keyIdOf, type RedisClient } from '@zhongkong/jobs';
import type { Clock } from '@zhongkong/shared';
import { z } from 'zod';
import { packageVersion } from './package-version.js';

/** A server that has not shown itself for so long counts as gone. */
export const GONE_AFTER_MS = 30_000;

const entrySchema = z.object({
  id: z.string(),
  version: z.string(),
  url: z.string().nullable(),
  startedAtMs: z.number(),
  seenAtMs: z.number(),
  masterKeyIds: z.array(z.string()),
  /** The key with which it seals. */
  sealsWith: z.string(),
});

/** A server on this Redis, as it describes itself. */
export type ServerEntry = z.infer<typeof entrySchema>;

export interface ServerListOptions {
  readonly redis: RedisClient;
  /** First part of every key. */
  readonly prefix: string;
  readonly clock: Clock;
  readonly ring: KeyRing;
}

/** The servers on one Redis. Each shows itself every few seconds. Methods reject while Redis is away. */
export interface ServerList {
  /** This server's name in the list. */
  readonly id: string;
  /** Shows this server, as it is now. */
  show(): Promise<void>;
  /** From the next `show` on. */
  listensAt(url: string): void;
  /** Those that run, the oldest first. Forgets the others. */
  running(): Promise<ServerEntry[]>;
  /** Takes all servers out: for one that is alone on its Redis, so that all others are from before. */
  clear(): Promise<void>;
  /** Takes this server out. */
  leave(): Promise<void>;
}

export function createServerList({ redis, prefix, clock, ring }: ServerListOptions): ServerList {
  const key = `${prefix}:servers`;
  const id = `${hostname()}-${randomBytes(3).toString('hex')}`;
  const startedAtMs = Math.round(clock.nowMs());
  let url: string | null = null;
  return {
    id,
    async show() {
      const entry: ServerEntry = {
        id,
        version: packageVersion(),
        url,
        startedAtMs,
        seenAtMs: Math.round(clock.nowMs()),
        masterKeyIds: [...ring.keyIds],
        sealsWith: keyIdOf(ring.sealing.check),
      };
      await redis.hset(key, id, JSON.stringify(entry));
    },
    listensAt(address) {
      url = address;
    },
    async running() {
      const { running, gone } = sortEntries(await redis.hgetall(key), clock.nowMs());
      if (gone.length > 0) await redis.hdel(key, ...gone);
      return running;
    },
    async clear() {
      await redis.del(key);
    },
    async leave() {
      await redis.hdel(key, id);
    },
  };
}

/** What is stored, id → JSON, sorted into servers that run and ids of those that are gone or cannot be read. */
export function sortEntries(
  stored: Readonly<Record<string, string>>,
  nowMs: number,
): { running: ServerEntry[]; gone: string[] } {
  const running: ServerEntry[] = [];
  const gone: string[] = [];
  for (const [id, text] of Object.entries(stored)) {
    const entry = readEntry(text);
    if (entry?.id === id && Math.abs(nowMs - entry.seenAtMs) <= GONE_AFTER_MS) running.push(entry);
    else gone.push(id);
  }
  return { running: running.sort((a, b) => a.startedAtMs - b.startedAtMs), gone };
}

function readEntry(text: string): ServerEntry | undefined {
  try {
    return entrySchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
