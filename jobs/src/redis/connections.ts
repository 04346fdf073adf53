import type { Cluster, Redis } from 'ioredis';

/** A single Redis, one behind Sentinel, or a cluster: we use only what all of them can. */
export type RedisClient = Redis | Cluster;

/** The ways to one Redis. */
export interface RedisConnections {
  /** For commands: fails at once while Redis is away. Its maker closes it. */
  readonly commands: RedisClient;
  /** A further connection, which waits for Redis as long as it takes. The caller closes it. */
  open(): RedisClient;
}
