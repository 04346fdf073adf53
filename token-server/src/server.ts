import { setTimeout as sleep } from 'node:timers/promises';
import {
  createRedisClock,
  createRefreshEngine,
  createSealer,
  createWechatClient,
  fitsStoredData,
} from '@zhongkong/jobs';
import { steadyClock } from '@zhongkong/shared';
import { createApp } from './app.js';
import type { Config } from './config/config.js';
import { watchSecrets } from './config/secrets/watch-secrets.js';
import { createSharedMemory } from './drop-in/shared-memory.js';
import { createEventHub } from './events/event-hub.js';
import { listen } from './http/listen.js';
import type { ReachableUrls } from './http/reachable-urls.js';
import type { Logger } from './logger.js';
import { masterKeyOf } from './master-key.js';
import { createMetrics } from './metrics/metrics.js';
import { createWechatPool } from './proxy/wechat-pool.js';
import { connectRedis, orStartError } from './redis/connect-redis.js';
import { startEmbeddedRedis } from './redis/embedded/embedded-redis.js';
import { findRedisServer } from './redis/embedded/find-redis-server.js';
import { type FolderOwnership, ownFolder } from './redis/embedded/own-folder.js';
import type { RedisAddress } from './redis-address.js';
import { StartError } from './start-error.js';
import { createTakeDown } from './take-down.js';

export interface TokenServer extends ReachableUrls {
  /**
   * Lets requests under way end, then lets go of everything, within half a minute whatever hangs.
   * @param idleGraceMs how long clients may still send a request on a connection that they have; default 0
   */
  stop(idleGraceMs?: number): Promise<void>;
}

export interface ServerDeps {
  readonly log: Logger;
  /** Where to look for `redis-server`, as in the environment's PATH. */
  readonly searchPath: string;
  /** Log lines that were dropped because they could not be written. @defaultValue none */
  readonly droppedLogLines?: () => number;
  /** The data folder, when the caller has taken it already; it gives it back, too. */
  readonly ownership?: FolderOwnership;
}

/** Less than the half minute that Kubernetes gives, and more than the parts take that let their work end. */
const STOP_WITHIN_MS = 25_000;
/** Without Redis nothing can be finished that the engine has begun. */
const ENGINE_PATIENCE_MS = 1_000;

/**
 * The composition root: builds every part of the server in order; they are taken down in the reverse order.
 * @throws StartError with one sentence that says what to do
 */
export async function startTokenServer(
  config: Config,
  { log, searchPath, ownership, droppedLogLines = () => 0 }: ServerDeps,
): Promise<TokenServer> {
  const takeDown = createTakeDown(log);
  let stopping = false;
  let graceMs = 0;
  async function stop(idleGraceMs = 0): Promise<void> {
    stopping = true;
    graceMs = idleGraceMs;
    await takeDown.run(STOP_WITHIN_MS);
  }

  async function startOwnRedis(): Promise<RedisAddress> {
    const command = findRedisServer(searchPath);
    const embedded = await startEmbeddedRedis({ command, searchPath, dataDir: config.dataDir, log });
    takeDown.push('the embedded Redis', () => embedded.stop());
    return { kind: 'socket', path: embedded.socket };
  }

  try {
    if (config.redis === undefined && ownership === undefined) {
      const folder = await ownFolder(config.dataDir);
      takeDown.push('the data folder', () => folder.release());
    }
    // Before Redis makes its files: beside data whose key was lost, no new key is made.
    const sealer = createSealer(config.masterKey ?? masterKeyOf(config.dataDir));
    const address = config.redis ?? (await startOwnRedis());
    const target = { address, prefix: config.redisPrefix };
    const redis = await connectRedis(target, log);
    const { connections } = redis;
    const { commands } = connections;
    takeDown.push('the connection to Redis', () => redis.close());

    const fitsKey = await fitsStoredData(commands, sealer, config.redisPrefix).catch(orStartError(target));
    if (!fitsKey) throw new StartError(WRONG_MASTER_KEY);

    const clock = createRedisClock(commands, steadyClock);
    const { wechatApiBaseUrl, wechatProxy: proxy } = config;
    const wechat = createWechatClient(wechatApiBaseUrl, { proxy });
    const metrics = createMetrics();
    const engine = createRefreshEngine({
      connections,
      prefix: config.redisPrefix,
      sealer,
      wechat,
      apps: config.apps,
      clock,
      log,
      isOnlyServer: config.redis === undefined,
      observer: metrics.engine,
      syncClock: () => clock.sync(),
    });
    takeDown.push('the refresh engine', async () => {
      const isRedisThere = await commands.ping().then(Boolean, () => false);
      const patience = sleep(ENGINE_PATIENCE_MS, undefined, { ref: false });
      await Promise.race(isRedisThere ? [engine.stop()] : [engine.stop(), patience]);
    });

    const redisStatus = redis.status;
    metrics.watch({ engine, clock, redisStatus, droppedLogLines });
    const events = createEventHub({ engine, clock, metrics: metrics.events });
    const { apps, clients } = config;
    const pool = createWechatPool(wechatApiBaseUrl, { proxy });
    takeDown.push('the proxied calls', () => pool.close());
    const app = createApp({
      pool,
      sharedMemory: createSharedMemory(commands, config.redisPrefix, () => redisStatus() === 'reachable'),
      wechat,
      engine,
      events,
      apps,
      clients,
      clock,
      metrics,
      log,
      redisStatus,
      stopping: () => stopping,
    });
    const listener = await listen(app, config.host, config.port);
    takeDown.push('the HTTP server', () => listener.drain(graceMs));
    // Before that, since a stream would never end by itself.
    takeDown.push('the event streams', () => events.stop());
    const { url, networkUrls } = listener;
    log.info({ url, ...(networkUrls.length > 0 && { networkUrls }) }, `listening on ${url}`);

    await engine.start().catch(orStartError(target));
    const secrets = watchSecrets(config.apps, (appId) => {
      log.info({ appId }, 'the secret of the app was replaced in its file; it is used from now on');
      engine
        .token(appId)
        ?.wake()
        .catch(() => {});
    });
    takeDown.push('the watch over secrets', () => secrets.stop());
    return { url, networkUrls, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

const WRONG_MASTER_KEY =
  'The data in Redis was sealed under another master key: give that one in ZHONGKONG_MASTER_KEY, or use an empty Redis.';
