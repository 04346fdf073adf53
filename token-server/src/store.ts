import {
  claimFormat,
  createKeys,
  createRedisClock,
  createSealer,
  isNewerData,
  type KeyRing,
  type Keys,
} from '@zhongkong/jobs';
import { steadyClock } from '@zhongkong/shared';
import type { Config } from './config/config.js';
import type { Logger } from './logger.js';
import { masterKeyOf, writeMasterKeys } from './master-key.js';
import { createMasterKeyService, type MasterKeyService } from './master-key-service.js';
import { type ConnectedRedis, connectRedis, orStartError } from './redis/connect-redis.js';
import { startEmbeddedRedis } from './redis/embedded/embedded-redis.js';
import { findRedisServer } from './redis/embedded/find-redis-server.js';
import { type FolderOwnership, ownFolder } from './redis/embedded/own-folder.js';
import type { ProbeTarget } from './redis/probe.js';
import type { RedisAddress } from './redis-address.js';
import { createServerList, type ServerList } from './server-list.js';
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
  readonly sealer: KeyRing;
  readonly keys: Keys;
  readonly clock: ReturnType<typeof createRedisClock>;
  readonly membership: Membership;
  /** For `catch` while the server starts. @throws StartError */
  readonly orNotStarted: (error: unknown) => never;
}

/** What a server has to do with the others on its Redis. */
interface Membership {
  /** Where Redis is, and what is ours in it. */
  readonly target: ProbeTarget;
  readonly servers: ServerList;
  readonly masterKey: MasterKeyService;
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
  const keys = createKeys(config.redisPrefix, (commands.options as { db?: number }).db ?? 0);
  const clock = createRedisClock(commands, steadyClock);
  await clock.sync().catch(orNotStarted);
  await claimFormat(commands, config.redisPrefix).catch((error: unknown) => {
    if (isNewerData(error)) throw new StartError(newerDataText(error), { cause: error });
    return orNotStarted(error);
  });
  const parts = { redis, sealer, keys, clock, orNotStarted };
  return { ...parts, membership: { ...(await joinServers(parts, config, deps)), target } };
}

/** This server's place among those on its Redis. @throws StartError when it does not have their master key */
async function joinServers(
  { redis, sealer: ring, keys, clock, orNotStarted }: Omit<Store, 'membership'>,
  { redis: foreignRedis, redisPrefix: prefix, dataDir, masterKey: givenKeys }: Config,
  { log, takeDown }: StoreDeps,
): Promise<Omit<Membership, 'target'>> {
  const isOnlyServer = foreignRedis === undefined;
  const common = { redis: redis.connections.commands, prefix, ring };
  const servers = createServerList({ ...common, clock });
  const masterKey = createMasterKeyService({
    ...common,
    channel: keys.changes,
    servers,
    isOnlyServer,
    writeKeys:
      isOnlyServer && givenKeys === undefined ? (written) => writeMasterKeys(dataDir, written) : null,
    log,
  });
  takeDown.push('the place among the servers', () => masterKey.stop());
  if (!(await masterKey.start().catch(orNotStarted))) throw new StartError(WRONG_MASTER_KEY);
  return { servers, masterKey };
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

function newerDataText({ message }: Error): string {
  return `Redis cannot be used, since ${message}: start that version or a later one, or restore a backup that this one made.`;
}

const WRONG_MASTER_KEY =
  'The data in Redis was sealed under another master key: give that one in ZHONGKONG_MASTER_KEY, or use an empty Redis.';
