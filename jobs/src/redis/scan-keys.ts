import type { Cluster } from 'ioredis';
import type { RedisClient } from './connections.js';

/** Keys that are asked for at once. */
const BATCH = 500;

/** Every key that fits a pattern of SCAN, on all nodes, in batches. One that is written meanwhile may come twice. */
export async function* scanKeys(redis: RedisClient, pattern: string): AsyncGenerator<string[]> {
  for (const node of redis.isCluster ? (redis as Cluster).nodes('master') : [redis]) {
    let cursor = '0';
    do {
      const [next, keys] = await node.scan(cursor, 'MATCH', pattern, 'COUNT', BATCH);
      if (keys.length > 0) yield keys;
      cursor = next;
    } while (cursor !== '0');
  }
}
