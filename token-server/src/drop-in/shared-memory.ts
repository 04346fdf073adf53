import type { RedisClient } from '@zhongkong/jobs';

/** Healing may be late without it, so it is not worth a longer wait. */
const TIMEOUT_MS = 200;

/** Small facts that all servers on one Redis share, and that outlive a restart. Without Redis there are none. */
export interface SharedMemory {
  get(key: string): Promise<string | null>;
  /** Does not wait for Redis. */
  set(key: string, value: string, ttlMs: number): void;
}

/** @param prefix of all keys @param isReachable whether Redis answers at the moment */
export function createSharedMemory(
  redis: Pick<RedisClient, 'get' | 'set'>,
  prefix: string,
  isReachable: () => boolean,
): SharedMemory {
  const nameOf = (key: string) => `${prefix}:drop-in:${key}`;
  return {
    async get(key) {
      if (!isReachable()) return null;
      const found = redis.get(nameOf(key)).catch(() => null);
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<null>((resolve) => {
        timer = setTimeout(() => resolve(null), TIMEOUT_MS);
      });
      return Promise.race([found, late]).finally(() => clearTimeout(timer));
    },
    set(key, value, ttlMs) {
      if (!isReachable() || ttlMs < 1) return;
      redis.set(nameOf(key), value, 'PX', Math.ceil(ttlMs)).catch(() => {});
    },
  };
}
