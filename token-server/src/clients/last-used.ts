import type { Keys, RedisClient } from '@zhongkong/jobs';

/** One key's use is written down at most this often by each server. */
const WRITE_EVERY_MS = 60_000;

/** When each client key was used last. Written rarely, so it may be a minute old. */
export interface LastUsed {
  note(keyId: string): void;
  /** Key id → ms since 1970. Empty while Redis is away. */
  read(keyIds: readonly string[]): Promise<ReadonlyMap<string, number>>;
  forget(keyIds: readonly string[]): Promise<void>;
}

export function createLastUsed(redis: RedisClient, keys: Keys, nowMs: () => number): LastUsed {
  const written = new Map<string, number>();
  return {
    note(keyId) {
      const now = nowMs();
      if (Math.abs(now - (written.get(keyId) ?? 0)) < WRITE_EVERY_MS) return;
      written.set(keyId, now);
      redis.hset(keys.lastUsed, keyId, String(Math.round(now))).catch(() => written.delete(keyId));
    },
    async read(keyIds) {
      if (keyIds.length === 0) return new Map();
      const found = await redis.hmget(keys.lastUsed, ...keyIds).catch(() => []);
      return new Map(
        keyIds.flatMap((id, index) => (found[index] ? [[id, Number(found[index])] as const] : [])),
      );
    },
    async forget(keyIds) {
      for (const id of keyIds) written.delete(id);
      if (keyIds.length > 0) await redis.hdel(keys.lastUsed, ...keyIds).catch(() => {});
    },
  };
}
