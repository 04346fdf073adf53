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
/** A Redis that starts together with the server gets this long. */
const GIVE_UP_AFTER_MS = 5_000;

const retryStrategy = (times: number) => Math.min(RECONNECT_MS_MAX, 50 * times);

/** Both are tried again for ever. After a failover the old master refuses writes; it is left then, at once. */
const EITHER: RedisOptions = {
  lazyConnect: true,
  connectTimeout: CONNECT_TIMEOUT_MS,
  disconnectTimeout: DISCONNECT_TIMEOUT_MS,
  retryStrategy,
  reconnectOnError: (error) => error.message.startsWith('READONLY'),
};

/** Commands fail at once while Redis is away, so that no request waits for it. */
const FAIL_FAST: RedisOptions = {
  ...EITHER,
  enableOfflineQueue: false,
  maxRetriesPerRequest: 0,
  commandTimeout: COMMAND_TIMEOUT_MS,
};

/** Waits for Redis; what a queue's worker and a subscriber need. */
const PATIENT: RedisOptions = { ...EITHER, lazyConnect: false, maxRetriesPerRequest: null };

/** @throws StartError when it cannot be reached, or refuses us */
export async function connectRedis(address: RedisAddress, log: Logger): Promise<RedisConnections> {
  const commands = createClient(address, FAIL_FAST);
  let lastError: Error | undefined;
  commands.on('error', (error: Error) => {
    if (!isEcho(error)) lastError = error;
    log.debug({ err: error }, 'Redis connection');
  });
  const giveUpAt = performance.now() + GIVE_UP_AFTER_MS;
  while (true) {
    try {
      await commands.connect();
      await commands.ping();
      // Redis' refusal of a database goes unheard otherwise, and everything would go to the first one.
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
  return { commands, open: () => createClient(address, PATIENT) };
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

/** What ioredis says after the error that counts, when it does not get to its first command. */
function isEcho({ message }: Error): boolean {
  return message.startsWith("Stream isn't writeable");
}

/** Trying again would not help. */
function isFinal({ message }: Error): boolean {
  return /^(WRONGPASS|NOAUTH|NOPERM|ERR)/.test(message);
}

function unreachable(address: RedisAddress, error: Error): string {
  return `Redis at ${describeAddress(address)} cannot be used (${reasonOf(error)}): start it, correct REDIS_URL, or unset REDIS_URL to let the server start its own.`;
}

function reasonOf({ message }: Error): string {
  if (message.startsWith('Protocol error')) return 'what answers there is no Redis';
  if (message.includes('SSL routines')) return 'what answers there does not speak TLS, as rediss:// asks for';
  return message.replace(/\s*\n\s*/g, ' ').trim();
}
