import {
  activateMasterKey,
  fitsStoredData,
  type KeyRing,
  type RedisClient,
  type ResealCounts,
  resealAll,
  type SealedSurvey,
  surveySealed,
} from '@zhongkong/jobs';
import { CodedError, SingleFlight } from '@zhongkong/shared';
import { HttpProblem } from './http/problem.js';
import type { Logger } from './logger.js';
import { countListeners } from './redis/count-listeners.js';
import { rotateMasterKey } from './rotate-master-key.js';
import type { ServerList } from './server-list.js';

const FOLLOW_EVERY_MS = 1_000;
/** In rounds of following. */
const SHOW_EVERY = 5;

export interface MasterKeyOptions {
  readonly redis: RedisClient;
  readonly prefix: string;
  /** The channel that each server listens to. */
  readonly channel: string;
  readonly ring: KeyRing;
  readonly servers: ServerList;
  /** No other server can be on this Redis. */
  readonly isOnlyServer: boolean;
  /** Writes the keys of the data folder; null: the environment gives them. */
  readonly writeKeys: ((masterKeys: readonly Buffer[]) => void) | null;
  readonly log: Logger;
}

/** The master keys of a server that runs, and its place among the others. */
export interface MasterKeyService {
  /** Shows this server to the others, and seals as they do from now on. @returns whether this server has the key that seals */
  start(): Promise<boolean>;
  stop(): Promise<void>;
  /** @throws HttpProblem `conflict`; CodedError `store_unavailable` */
  rotate(): Promise<ResealCounts>;
  /** Opens everything that is sealed in Redis. @throws CodedError `store_unavailable` */
  survey(): Promise<SealedSurvey>;
}

export function createMasterKeyService(options: MasterKeyOptions): MasterKeyService {
  const { redis, prefix, channel, ring, servers, writeKeys, log } = options;
  const flight = new SingleFlight<ResealCounts>();
  let timer: NodeJS.Timeout | undefined;
  let rounds = 0;
  let fits = true;

  async function follow(): Promise<void> {
    const before = ring.sealing.check;
    const fitted = fits;
    fits = await fitsStoredData(redis, ring, prefix);
    if (fitted && !fits) log.error(NEW_KEY_MISSING);
    rounds += 1;
    if (before !== ring.sealing.check || rounds % SHOW_EVERY === 0) await servers.show();
  }

  async function rotate(): Promise<ResealCounts> {
    const counts = await rotateMasterKey({
      ring,
      writeKeys,
      runningServers: servers.running,
      countStrangers: async (running) => Math.max(0, (await countListeners(redis, channel)) - running),
      activate: async (masterKey) => {
        await activateMasterKey(redis, ring, masterKey, prefix);
        await servers.show();
      },
      reseal: () => resealAll(redis, ring, prefix),
      flush: () => flushOwnRedis(redis, `${prefix}:flush`),
    });
    await servers.show();
    log.info({ ...counts, masterKeyId: ring.keyIds[0] }, 'the master key was rotated');
    return counts;
  }

  return {
    async start() {
      // Others in the list were killed.
      if (options.isOnlyServer) await servers.clear();
      // Before the look at the key: a rotation either sees this server, or is seen by it.
      await servers.show();
      if (!(await fitsStoredData(redis, ring, prefix))) return false;
      await servers.show();
      if (ring.keyIds.length > 1) log.info({ masterKeyIds: ring.keyIds }, TWO_KEYS);
      timer = setInterval(() => void follow().catch(() => {}), FOLLOW_EVERY_MS).unref();
      return true;
    },
    async stop() {
      clearInterval(timer);
      await servers.leave().catch(() => {});
    },
    rotate: () => flight.join('rotate', () => rotate().catch(asProblem)),
    survey: () => surveySealed(redis, ring, prefix),
  };
}

/** Of the server's own Redis, whose append-only file reaches the disk once a second otherwise. */
async function flushOwnRedis(redis: RedisClient, key: string): Promise<void> {
  await redis.config('SET', 'appendfsync', 'always');
  // It is answered when this and all before it is on the disk.
  await redis.set(key, '', 'PX', 1);
  await redis.config('SET', 'appendfsync', 'everysec');
}

function asProblem(error: unknown): never {
  if (error instanceof HttpProblem) throw error;
  if (error instanceof CodedError && error.code === 'reseal_unfinished') {
    const detail = {
      en: 'The new master key is in use, but values are still being sealed with the old one. Keep the old key, and try again.',
      zh: '新的主密钥已启用，但仍有内容在用旧密钥加密。请保留旧密钥，稍后再试。',
    };
    throw new HttpProblem(detail, { code: 'conflict', cause: error });
  }
  if (error instanceof CodedError) throw error;
  throw new CodedError('Redis is unavailable', { code: 'store_unavailable', cause: error });
}

const NEW_KEY_MISSING =
  'the master key was rotated, and this server does not have the new one: restart it with the new key in ZHONGKONG_MASTER_KEY';
const TWO_KEYS = 'two master keys are known; a rotation is finished by: zhongkong master-key rotate';
