import {
  createKeys,
  createRedisClock,
  createSealer,
  fitsStoredData,
  type Keys,
  type Sealer,
} from '@zhongkong/jobs';
import { steadyClock } from '@zhongkong/shared';
import type { Config } from './config/config.js';
import type { Logger } from './logger.js';
import { masterKeyOf } from './master-key.js';
import { type ConnectedRedis, connectRedis, orStartError } from './redis/connect-redis.js';
import { startEmbeddedRedis } from './redis/embedded/embedded-redis.js';
import { findRedisServer } from './redis/embedded/find-redis-server.js';
import { type FolderOwnership, ownFolder } from './redis/embedded/own-folder.js';
import type { RedisAddress } from './redis-address.js';
import { StartError } from './start-error.js';
import type { TakeDown } from './take-down.js';

export interface StoreDeps {
  readonly log: Logger;
  /** Where to look for `redis-server`. */
  readonly searchPath: string;
  /** The data folder, when the caller has taken it already. */
  readonly ownership: FolderOwnership | undefined;
  readonly takeDown: TakeDown;
}

/** Redis, and what opens the data in it. */
export interface Store {
  readonly redis: ConnectedRedis;
  readonly sealer: Sealer;
  readonly keys: Keys;
  readonly clock: ReturnType<typeof createRedisClock>;
  /** For `catch` while the server starts. @throws StartError */
  readonly orNotStarted: (error: unknown) => never;
}

/** Connects to Redis, or starts one, and finds the master key that fits what it holds. @throws StartError */
export async function openStore(config: Config, deps: StoreDeps): Promise<Store> {
  const { log, ownership, takeDown } = deps;
  if (config.redis === undefined && ownership === undefined) {
    const folder = await ownFolder(config.dataDir);
    takeDown.push('the data folder', () => folder.release());
  }
  // Before Redis makes its files: beside data whose key was lost, no new key is made.
  const sealer = createSealer(config.masterKey ?? masterKeyOf(config.dataDir));
  const address = config.redis ?? (await startOwnRedis(config.dataDir, deps));
  const target = { address, prefix: config.redisPrefix };
  const orNotStarted = orStartError(target);
  const redis = await connectRedis(target, log);
  takeDown.push('the connection to Redis', () => redis.close());
  const { commands } = redis.connections;
  if (!(await fitsStoredData(commands, sealer, config.redisPrefix).catch(orNotStarted)))
    throw new StartError(WRONG_MASTER_KEY);
  const keys = createKeys(config.redisPrefix, (commands.options as { db?: number }).db ?? 0);
  return { redis, sealer, keys, clock: createRedisClock(commands, steadyClock), orNotStarted };
}

async function startOwnRedis(
  dataDir: string,
  { log, searchPath, takeDown }: StoreDeps,
): Promise<RedisAddress> {
  const command = findRedisServer(searchPath);
  const embedded = await startEmbeddedRedis({ command, searchPath, dataDir, log });
  takeDown.push('the embedded Redis', () => embedded.stop());
  return { kind: 'socket', path: embedded.socket };
}

const WRONG_MASTER_KEY =
  'The data in Redis was sealed under another master key: give that one in ZHONGKONG_MASTER_KEY, or use an empty Redis.';
