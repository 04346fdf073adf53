import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createKeys, createSealer, type KeyRing, type RedisClient } from '@zhongkong/jobs';
import type { EnvironmentInput } from '../config/environment.js';
import { loadConfig } from '../config/load-config.js';
import { createLogger } from '../logger.js';
import { readMasterKeys } from '../master-key.js';
import { orStartError } from '../redis/connect-redis.js';
import { countListeners } from '../redis/count-listeners.js';
import { createClient } from '../redis/create-client.js';
import { isRedisUp } from '../redis/embedded/ask-socket.js';
import { startEmbeddedRedis } from '../redis/embedded/embedded-redis.js';
import { findRedisServer } from '../redis/embedded/find-redis-server.js';
import { ownFolder } from '../redis/embedded/own-folder.js';
import { placeOfSocket } from '../redis/embedded/socket-path.js';
import { probe } from '../redis/probe.js';
import { describeAddress, type RedisAddress } from '../redis-address.js';
import { StartError } from '../start-error.js';

/** The Redis of an installation, as its servers use it; also that of a server with its own Redis which does not run. */
export interface OpenStore {
  readonly redis: RedisClient;
  readonly prefix: string;
  /** Undefined: no master key was given, and the data folder holds none. */
  readonly ring: KeyRing | undefined;
  /** For people. */
  readonly place: string;
  /** The file that holds the master key; undefined: it was given in ZHONGKONG_MASTER_KEY. */
  readonly masterKeyFile: string | undefined;
  /** How many servers listen to this installation now. */
  countServers(): Promise<number>;
  close(): Promise<void>;
}

export interface OpenOptions {
  readonly environment: EnvironmentInput;
  readonly workingFolder: string;
  /** Whether to write: into a data folder without data, and into none whose server runs. */
  readonly toWrite: boolean;
}

/** Reads the configuration as `serve` does. @throws ConfigError, StartError */
export async function openStore({ environment, workingFolder, toWrite }: OpenOptions): Promise<OpenStore> {
  const mode = loadConfig(environment, workingFolder);
  const {
    redis: given,
    redisPrefix: prefix,
    dataDir,
    masterKey,
  } = mode.is === 'demo' ? mode.settings : mode.config;
  const masterKeys = masterKey ?? readMasterKeys(dataDir);
  const own =
    given === undefined ? await openOwn(resolve(dataDir), environment.PATH ?? '', toWrite) : undefined;
  const address = given ?? (own as OwnRedis).address;
  const redis = createClient(address, { use: 'commands' });
  redis.on('error', () => {});
  const close = async () => {
    redis.disconnect();
    await own?.stop();
  };
  try {
    await probe({ address, prefix });
    await redis.connect();
  } catch (error) {
    await close();
    return orStartError({ address, prefix })(error);
  }
  const database = (redis.options as { db?: number }).db ?? 0;
  return {
    redis,
    prefix,
    ring: masterKeys && createSealer(masterKeys),
    place: given === undefined ? resolve(dataDir) : describeAddress(address),
    masterKeyFile: masterKey === undefined ? join(resolve(dataDir), 'master.key') : undefined,
    countServers: () => countListeners(redis, createKeys(prefix, database).changes),
    close,
  };
}

interface OwnRedis {
  readonly address: RedisAddress;
  stop(): Promise<void>;
}

/** The Redis of the data folder: that of the server that runs, or one that is started for this command. */
async function openOwn(dataDir: string, searchPath: string, toWrite: boolean): Promise<OwnRedis> {
  const path = placeOfSocket(dataDir, 'redis.sock');
  if (!toWrite && (await isRedisUp(path))) return { address: { kind: 'socket', path }, stop: async () => {} };
  if (!toWrite && !existsSync(join(dataDir, 'redis')))
    throw new StartError(
      `${dataDir} holds no data of a server: set DATA_DIR, or REDIS_URL for a server with another Redis.`,
    );
  const ownership = await ownFolder(dataDir);
  try {
    const log = createLogger('silent', () => {});
    const command = findRedisServer(searchPath);
    const embedded = await startEmbeddedRedis({ command, searchPath, dataDir, log });
    return {
      address: { kind: 'socket', path: embedded.socket },
      async stop() {
        await embedded.stop();
        ownership.release();
      },
    };
  } catch (error) {
    ownership.release();
    throw error;
  }
}
