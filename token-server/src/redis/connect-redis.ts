import { setTimeout as sleep } from 'node:timers/promises';
import type { RedisClient, RedisConnections } from '@zhongkong/jobs';
import { CodedError } from '@zhongkong/shared';
import type { Logger } from '../logger.js';
import { describeAddress } from '../redis-address.js';
import { StartError } from '../start-error.js';
import { createClient } from './create-client.js';
import { type ProbeTarget, probe, probeWrite } from './probe.js';
import { type RedisFault, redisFault } from './redis-fault.js';
import { type RedisStatus, watchRedis } from './watch-redis.js';

/** How long to wait for a Redis that is starting together with the server. */
const GIVE_UP_AFTER_MS = 5_000;
const RETRY_EVERY_MS = 200;

export interface ConnectedRedis {
  readonly connections: RedisConnections;
  /** What the last check has found; never waits. */
  status(): RedisStatus;
  close(): void;
}

/**
 * Connects to a Redis that does everything that the server needs, and watches that it goes on doing so.
 * @throws StartError when it cannot be reached, or refuses something, after five seconds at most
 */
export async function connectRedis(target: ProbeTarget, log: Logger): Promise<ConnectedRedis> {
  const { address, prefix } = target;
  await waitUntilUsable(target);
  const waiting = new Set<RedisClient>();
  const onErrorReply = (error: Error) => watch.suspect(error);
  const commands = createClient(address, { use: 'commands', onErrorReply });
  commands.on('error', (err: Error) => log.debug({ err }, 'Redis connection'));
  const watch = watchRedis({
    name: describeAddress(address),
    isEmbedded: address.kind === 'socket',
    log,
    isConnected: () => commands.status === 'ready',
    probeWrite: () => probeWrite(commands, prefix),
    probeAll: () => probe(target),
    recovered() {
      // What Redis has refused to these connections, such as a subscription, is asked for again after a reconnect.
      for (const client of waiting) client.disconnect(true);
    },
  });
  try {
    await commands.connect();
  } catch (error) {
    watch.stop();
    commands.disconnect();
    throw cannotUse(target, redisFault(error), error);
  }
  return {
    connections: {
      commands,
      open() {
        const client = createClient(address, { use: 'waiting', onErrorReply });
        waiting.add(client);
        client.once('end', () => waiting.delete(client));
        return client;
      },
    },
    status: watch.status,
    close() {
      watch.stop();
      commands.disconnect();
    },
  };
}

/** Turns what Redis, or the store, has refused during the start into one sentence; anything else stays what it is. */
export function orStartError(target: ProbeTarget): (error: unknown) => never {
  return (error) => {
    const isOfStore = error instanceof CodedError && error.code === 'store_unavailable';
    const cause = isOfStore ? (error.cause ?? error) : error;
    if (!isOfStore && !isReply(cause)) throw error;
    throw cannotUse(target, redisFault(cause, target.address.kind === 'socket'), error);
  };
}

function isReply(error: unknown): boolean {
  return error instanceof Error && error.name === 'ReplyError';
}

async function waitUntilUsable(target: ProbeTarget): Promise<void> {
  const giveUpAt = performance.now() + GIVE_UP_AFTER_MS;
  while (true) {
    try {
      await probe(target);
      return;
    } catch (error) {
      const fault = redisFault(error, target.address.kind === 'socket');
      if (!fault.mayPass || performance.now() > giveUpAt) throw cannotUse(target, fault, error);
      await sleep(RETRY_EVERY_MS);
    }
  }
}

function cannotUse({ address }: ProbeTarget, { reason, remedy }: RedisFault, cause: unknown): StartError {
  const own = address.kind === 'socket' ? '' : ', or unset REDIS_URL so that the server starts its own Redis';
  return new StartError(
    `Redis at ${describeAddress(address)} cannot be used, since ${reason}: ${remedy}${own}.`,
    { cause },
  );
}
