import type { RedisClient } from '@zhongkong/jobs';
import type { Cluster, Redis } from 'ioredis';

/** How many connections listen to a channel, on all nodes together. */
export async function countListeners(redis: RedisClient, channel: string): Promise<number> {
  const nodes = redis.isCluster ? (redis as Cluster).nodes('all') : [redis as Redis];
  const counts = await Promise.all(
    nodes.map(async (node) => Number((await node.pubsub('NUMSUB', channel))[1] ?? 0)),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}
