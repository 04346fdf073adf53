import type { RedisClient } from '@zhongkong/jobs';
import { backOffMs } from '@zhongkong/shared';
import { Cluster, Redis, type RedisOptions } from 'ioredis';
import type { Credentials, RedisAddress } from '../redis-address.js';

const COMMAND_TIMEOUT_MS = 2_000;
const CONNECT_TIMEOUT_MS = 2_000;
const DISCONNECT_TIMEOUT_MS = 200;
const RECONNECT = { firstMs: 50, maxMs: 2_000 };
/** A connection that lasted this long was a good one: the next reconnect is quick again. */
const STABLE_MS = 10_000;
/** Redis has refused a write as a read-only replica: at most one reconnect in this time, to look for the new master. */
const RECONNECT_ON_READONLY_EVERY_MS = 5_000;

export interface ClientOptions {
  /**
   * `once`: connects once and fails when that is not possible. `commands`: reconnects for ever, and commands fail at once
   * while Redis is away. `waiting`: reconnects for ever, and commands wait for Redis.
   */
  readonly use: 'once' | 'commands' | 'waiting';
  /** Called with every error that Redis answers. */
  readonly onErrorReply?: (error: Error) => void;
}

export function createClient(address: RedisAddress, { use, onErrorReply }: ClientOptions): RedisClient {
  const retryStrategy = use === 'once' ? () => null : createRetryStrategy();
  const isReconnectDue = createLimiter(RECONNECT_ON_READONLY_EVERY_MS);
  const waits = use === 'waiting';
  const common: RedisOptions = {
    connectTimeout: CONNECT_TIMEOUT_MS,
    disconnectTimeout: DISCONNECT_TIMEOUT_MS,
    retryStrategy,
    reconnectOnError(error) {
      onErrorReply?.(error);
      // After a failover the old master refuses writes; reconnecting finds the new one behind Sentinel or a proxy.
      return use !== 'once' && error.message.startsWith('READONLY') && isReconnectDue();
    },
    // ioredis would subscribe again on its own and ignore that Redis may refuse it, which ends the process.
    autoResubscribe: false,
    // The check at the start does this itself, with its own time limit.
    enableReadyCheck: use !== 'once',
    ...(waits
      ? { maxRetriesPerRequest: null }
      : { maxRetriesPerRequest: 0, commandTimeout: COMMAND_TIMEOUT_MS }),
  };
  const queue = { lazyConnect: !waits, enableOfflineQueue: waits };
  switch (address.kind) {
    case 'socket':
      return new Redis({ ...common, ...queue, path: address.path });
    case 'single': {
      const { node, database: db } = address;
      return new Redis({ ...common, ...queue, ...accessOf(address), ...node, db });
    }
    case 'sentinel': {
      const { sentinels, name, database: db, sentinelCredentials, tls } = address;
      return new Redis({
        ...common,
        ...queue,
        ...accessOf(address),
        name,
        db,
        sentinels: [...sentinels],
        sentinelRetryStrategy: retryStrategy,
        sentinelCommandTimeout: COMMAND_TIMEOUT_MS,
        ...prefixed(sentinelCredentials),
        ...(tls ? { enableTLSForSentinelMode: true, sentinelTLS: {} } : {}),
      });
    }
    case 'cluster':
      return new Cluster([...address.nodes], {
        ...queue,
        clusterRetryStrategy: retryStrategy,
        redisOptions: { ...common, ...accessOf(address) },
        // A certificate is made out to a host name, so the name must not be replaced by its address.
        ...(address.tls ? { dnsLookup: (host, callback) => callback(null, host) } : {}),
      });
  }
}

function accessOf({ credentials, tls }: { credentials: Credentials; tls: boolean }): RedisOptions {
  return { ...credentials, ...(tls ? { tls: {} } : {}) };
}

function prefixed({ username, password }: Credentials): RedisOptions {
  return {
    ...(username === undefined ? {} : { sentinelUsername: username }),
    ...(password === undefined ? {} : { sentinelPassword: password }),
  };
}

/** Waits longer after each connection that ended soon, whatever ended it, so that reconnects are bounded. */
function createRetryStrategy(): () => number {
  let failures = 0;
  let lastAt = Number.NEGATIVE_INFINITY;
  return () => {
    const now = performance.now();
    failures = now - lastAt > STABLE_MS ? 1 : failures + 1;
    lastAt = now;
    return backOffMs({ ...RECONNECT, failures, random: Math.random() });
  };
}

/** A function that returns true at most once in `everyMs`. */
function createLimiter(everyMs: number): () => boolean {
  let lastAt = Number.NEGATIVE_INFINITY;
  return () => {
    if (performance.now() - lastAt < everyMs) return false;
    lastAt = performance.now();
    return true;
  };
}
