import { createRefreshEngine, createSealer, createWechatIssuer, fitsStoredData } from '@zhongkong/jobs';
import { systemClock } from '@zhongkong/shared';
import type { Config } from './config/config.js';
import { startEmbeddedRedis } from './embedded-redis/embedded-redis.js';
import { findRedisServer } from './embedded-redis/find-redis-server.js';
import { createApp } from './http/app.js';
import { listen } from './http/listen.js';
import type { Logger } from './logger.js';
import { masterKeyOf } from './master-key.js';
import { connectRedis, type RedisAddress } from './redis-connection.js';
import { StartError } from './start-error.js';

export interface TokenServer {
  /** Where it listens, with the port that it really got. */
  readonly url: string;
  /** Lets requests under way end, then lets go of everything. */
  stop(): Promise<void>;
}

export interface ServerSurroundings {
  readonly log: Logger;
  /** Where to look for `redis-server`, as in the environment's PATH. */
  readonly searchPath: string;
}

/**
 * The composition root: builds every part of the server in order; they are taken down in the reverse order.
 * @throws StartError with one sentence that says what to do
 */
export async function startTokenServer(
  config: Config,
  { log, searchPath }: ServerSurroundings,
): Promise<TokenServer> {
  const takeDown: (() => unknown)[] = [];
  let stopping = false;
  async function stop(): Promise<void> {
    stopping = true;
    for (const step of takeDown.splice(0).reverse()) await step();
  }

  async function redisAddress(): Promise<RedisAddress> {
    if (config.redisUrl !== undefined) return { url: config.redisUrl };
    const command = findRedisServer(searchPath);
    const embedded = await startEmbeddedRedis({ command, dataDir: config.dataDir, log });
    takeDown.push(() => embedded.stop());
    return { socket: embedded.socket };
  }

  try {
    const redis = await connectRedis(await redisAddress(), log);
    takeDown.push(() => redis.disconnect());

    const sealer = createSealer(config.masterKey ?? masterKeyOf(config.dataDir));
    if (!(await fitsStoredData(redis, sealer))) throw new StartError(WRONG_MASTER_KEY);

    const clock = systemClock;
    const issuer = createWechatIssuer(config.wechatApiBaseUrl, clock);
    const engine = createRefreshEngine({ redis, sealer, issuer, apps: config.apps, clock, log });
    takeDown.push(() => engine.stop());

    const redisReachable = () => redis.status === 'ready';
    const tools = { engine, clients: config.clients, clock, log, redisReachable, stopping: () => stopping };
    const listener = await listen(createApp(tools), config.host, config.port);
    takeDown.push(() => listener.drain());
    log.info({ url: listener.url }, `listening on ${listener.url}`);

    await engine.start();
    return { url: listener.url, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

const WRONG_MASTER_KEY =
  'The data in Redis was sealed under another master key: give that one in ZHONGKONG_MASTER_KEY, or use an empty Redis.';
