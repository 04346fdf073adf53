import { setTimeout as sleep } from 'node:timers/promises';
import type { RedisClient, RedisConnections } from '@zhongkong/jobs';
import { Cluster, Redis, type RedisOptions } from 'ioredis';
import type { Logger } from '../logger.js';
import { StartError } from '../start-error.js';
import { databaseOf, describeAddress, type RedisAddress } from './redis-address.js';

const COMMAND_TIMEOUT_MS = 2_000;
const CONNECT_TIMEOUT_MS = 2_000;
const DISCONNECT_TIMEOUT_MS = 200;
const RECONNECT_MS_MAX = 1_000;
/** How long to wait for a Redis that is starting together with the server. */
const GIVE_UP_AFTER_MS = 5_000;

const retryStrategy = (times: number) => Math.min(RECONNECT_MS_MAX, 50 * times);

/** Reconnects for ever, and at once when a master has become a replica and refuses writes. */
const COMMON: RedisOptions = {
  lazyConnect: true,
  connectTimeout: CONNECT_TIMEOUT_MS,
  disconnectTimeout: DISCONNECT_TIMEOUT_MS,
  retryStrategy,
  reconnectOnError: (error) => error.message.startsWith('READONLY'),
};

/** For commands: they fail at once while Redis is away, so that no request waits for it. */
const FAIL_FAST: RedisOptions = {
  ...COMMON,
  enableOfflineQueue: false,
  maxRetriesPerRequest: 0,
  commandTimeout: COMMAND_TIMEOUT_MS,
};

/** For a queue's worker and a subscriber: waits for Redis as long as it takes. */
const WAITING: RedisOptions = { ...COMMON, lazyConnect: false, maxRetriesPerRequest: null };

/** @throws StartError when it cannot be reached, or refuses us */
export async function connectRedis(address: RedisAddress, log: Logger): Promise<RedisConnections> {
  const commands = createClient(address, FAIL_FAST);
  let lastError: Error | undefined;
  commands.on('error', (error: Error) => {
    if (!isFollowUp(error)) lastError = error;
    log.debug({ err: error }, 'Redis connection');
  });
  const giveUpAt = performance.now() + GIVE_UP_AFTER_MS;
  while (true) {
    try {
      await commands.connect();
      await commands.ping();
      // ioredis ignores it when Redis refuses the database, and would use database 0.
      if (address.kind === 'single') await (commands as Redis).select(databaseOf(address.url));
      break;
    } catch (error) {
      lastError ??= error as Error;
      commands.disconnect();
      if (isFinal(lastError) || performance.now() > giveUpAt) {
        throw new StartError(unreachable(address, lastError), { cause: lastError });
      }
      await sleep(200);
    }
  }
  return { commands, open: () => createClient(address, WAITING) };
}

function createClient(address: RedisAddress, options: RedisOptions): RedisClient {
  switch (address.kind) {
    case 'single':
      return new Redis(address.url, options);
    case 'socket':
      return new Redis({ ...options, path: address.path });
    case 'sentinel': {
      const { sentinels, name, credentials } = address;
      return new Redis({
        ...options,
        ...credentials,
        sentinels: [...sentinels],
        name,
        sentinelRetryStrategy: retryStrategy,
      });
    }
    case 'cluster': {
      const { lazyConnect = false, enableOfflineQueue = true, ...redisOptions } = options;
      return new Cluster([...address.nodes], {
        lazyConnect,
        enableOfflineQueue,
        clusterRetryStrategy: retryStrategy,
        redisOptions: { ...redisOptions, ...address.credentials },
      });
    }
  }
}

/** ioredis emits this error after the one that names the cause. */
function isFollowUp({ message }: Error): boolean {
  return message.startsWith("Stream isn't writeable");
}

/** Whether a retry would not help. */
function isFinal({ message }: Error): boolean {
  return /^(WRONGPASS|NOAUTH|NOPERM|ERR)/.test(message);
}

function unreachable(address: RedisAddress, error: Error): string {
  return `Redis at ${describeAddress(address)} cannot be used (${reasonOf(error)}): start it, correct REDIS_URL, or unset REDIS_URL so that the server starts its own Redis.`;
}

function reasonOf({ message }: Error): string {
  if (message.startsWith('Protocol error')) return 'the program at this address is not Redis';
  if (message.includes('SSL routines'))
    return 'the program at this address does not speak TLS, which rediss:// needs';
  return message.replace(/\s*\n\s*/g, ' ').trim();
}
