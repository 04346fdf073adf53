import { setTimeout as sleep } from 'node:timers/promises';
import { Redis, type RedisOptions } from 'ioredis';
import type { Logger } from './logger.js';
import { StartError } from './start-error.js';

const COMMAND_TIMEOUT_MS = 2_000;
const RECONNECT_MS_MAX = 1_000;
/** A Redis that starts together with the server gets this long. */
const GIVE_UP_AFTER_MS = 5_000;

/** Where Redis is: a URL, or the unix socket of our own. */
export type RedisAddress = { readonly url: string } | { readonly socket: string };

/**
 * Commands fail at once while Redis is away, so that no request waits for it; the connection is tried again by
 * itself, for ever.
 */
const FAIL_FAST: RedisOptions = {
  lazyConnect: true,
  enableOfflineQueue: false,
  maxRetriesPerRequest: 0,
  commandTimeout: COMMAND_TIMEOUT_MS,
  retryStrategy: (times) => Math.min(RECONNECT_MS_MAX, 50 * times),
};

/** @throws StartError when it cannot be reached, or refuses us */
export async function connectRedis(address: RedisAddress, log: Logger): Promise<Redis> {
  const redis =
    'url' in address ? new Redis(address.url, FAIL_FAST) : new Redis({ ...FAIL_FAST, path: address.socket });
  let lastError: Error | undefined;
  redis.on('error', (error: Error) => {
    lastError = error;
    log.debug({ err: error }, 'Redis connection');
  });
  const giveUpAt = performance.now() + GIVE_UP_AFTER_MS;
  while (true) {
    try {
      await redis.connect();
      return redis;
    } catch (error) {
      lastError ??= error as Error;
      if (isFinal(lastError) || performance.now() > giveUpAt) {
        redis.disconnect();
        throw new StartError(unreachable(address, lastError), { cause: lastError });
      }
      redis.disconnect();
      await sleep(200);
    }
  }
}

/** Trying again would not help. */
function isFinal({ message }: Error): boolean {
  return /^(WRONGPASS|NOAUTH|NOPERM|ERR)/.test(message);
}

function unreachable(address: RedisAddress, { message }: Error): string {
  const place = 'url' in address ? withoutPassword(address.url) : address.socket;
  return `Redis at ${place} cannot be used (${message}): start it, correct REDIS_URL, or unset REDIS_URL to let the server start its own.`;
}

function withoutPassword(text: string): string {
  const url = new URL(text);
  url.username = '';
  url.password = '';
  url.search = '';
  return url.href;
}
