import { setTimeout as sleep } from 'node:timers/promises';
import {
  createRefreshEngine,
  createWechatClient,
  observeAll,
  type RedisClient,
  type RefreshEngine,
} from '@zhongkong/jobs';
import { addAdminClient } from './admin-key.js';
import { startAlerts } from './alerts/alerts.js';
import { createApp } from './app.js';
import { endsOf } from './clients/ending-keys.js';
import type { Config } from './config/config.js';
import { createConsoleParts } from './console/console-parts.js';
import { createSharedMemory } from './drop-in/shared-memory.js';
import { createEventHub } from './events/event-hub.js';
import { listen } from './http/listen.js';
import type { ReachableUrls } from './http/reachable-urls.js';
import type { Logger } from './logger.js';
import { createMetrics } from './metrics/metrics.js';
import { createWechatPool } from './proxy/wechat-pool.js';
import type { FolderOwnership } from './redis/embedded/own-folder.js';
import { createRegistryParts } from './registry/registry-parts.js';
import { createReload } from './reload.js';
import type { ServerList } from './server-list.js';
import { openStore } from './store.js';
import { createTakeDown, type TakeDown } from './take-down.js';
import { openTracing } from './tracing/tracing.js';

/** What a server that stops waits for, in milliseconds; by default nothing. */
interface StopPauses {
  /** It goes on as before for so long, but is not ready any more, so that load balancers take notice. */
  readonly drainDelayMs?: number;
  /** Then clients may still send a request on a connection that they have. */
  readonly idleGraceMs?: number;
}

export interface TokenServer extends ReachableUrls {
  /** Lets requests under way end, then lets go of everything, within half a minute whatever hangs. */
  stop(pauses?: StopPauses): Promise<void>;
  /** Reads the configuration again, and logs what has changed or what is wrong. @throws HttpProblem */
  reload(): void;
}

export interface ServerDeps {
  readonly log: Logger;
  /** Where to look for `redis-server`, as in the environment's PATH. */
  readonly searchPath: string;
  /** Reads file and environment again. @throws ConfigError @defaultValue the configuration of the start */
  readonly readConfig?: () => Config;
  /** Log lines that were dropped because they could not be written. @defaultValue none */
  readonly droppedLogLines?: () => number;
  /** For tests, which compare both ways of a read. @defaultValue always */
  readonly isFastLaneOpen?: () => boolean;
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
export async function startTokenServer(startConfig: Config, deps: ServerDeps): Promise<TokenServer> {
  const { log, searchPath, ownership, readConfig = () => startConfig, droppedLogLines = () => 0 } = deps;
  const takeDown = createTakeDown(log);
  const ending = createEnding(takeDown);
  const { stop } = ending;

  try {
    const isOnlyServer = startConfig.redis === undefined;
    const withAdmins = isOnlyServer ? addAdminClient : (from: Config) => from;
    const store = await openStore(startConfig, { log, searchPath, ownership, takeDown });
    const config = withAdmins(startConfig);
    const { sealer, redis, clock, keys, orNotStarted } = store;
    const { status: redisStatus, connections } = redis;
    const { commands } = connections;
    const { wechatApiBaseUrl, wechatProxy: proxy } = config;
    const wechat = createWechatClient(wechatApiBaseUrl, { proxy });
    const metrics = createMetrics();
    const tracing = await openTracing(config.tracing, { log, takeDown });
    const common = { redis: commands, keys, config, clock, log };
    const registry = createRegistryParts({ ...common, sealer, wechat, isOnlyServer });
    await registry.sync().catch(orNotStarted);
    const isReachable = () => redisStatus() === 'reachable';
    const sharedMemory = createSharedMemory(commands, config.redisPrefix, isReachable);
    const consoleParts = createConsoleParts({ sealer, memory: sharedMemory, ...registry, clock });
    const engine = createRefreshEngine({
      connections,
      prefix: config.redisPrefix,
      sealer,
      wechat,
      apps: [...registry.apps.all()],
      clock,
      log,
      isOnlyServer,
      observer: observeAll([metrics.engine, consoleParts.live.observer]),
      tracer: tracing.tracer,
      sync: () => clock.sync().then(() => registry.sync()),
    });
    registry.connect(engine);
    const alerts = startAlerts({ ...common, engine, clients: registry.clients, metrics });
    takeDown.push('the alerts', () => alerts.stop());
    const reload = createReload({
      ...registry,
      alerts,
      config,
      readConfig: () => withAdmins(readConfig()),
      log,
    });
    takeDown.push('the refresh engine', () => stopEngine(engine, commands));

    const clientEnds = () => endsOf(registry.clients.keys());
    const unknownKeys = () => sealer.unknownKeys;
    metrics.watch({ engine, clock, redisStatus, droppedLogLines, unknownKeys, clientEnds });
    const events = createEventHub({ engine, clock, metrics: metrics.events });
    consoleParts.follow(engine);
    const pool = createWechatPool(wechatApiBaseUrl, { proxy });
    takeDown.push('the proxied calls', () => pool.close());
    const { app, fastLane } = createApp({
      ...registry,
      ...store.membership,
      reload,
      pool,
      sharedMemory,
      ...consoleParts,
      wechat,
      engine,
      events,
      requests: { ...config, isFastLaneOpen: deps.isFastLaneOpen },
      traceRequests: tracing.observe,
      clock,
      metrics,
      log,
      redisStatus,
      stopping: () => ending.pauses !== undefined,
    });
    const listener = await listen(app, { ...config, log, answersAtOnce: fastLane });
    takeDown.push('the HTTP server', () => listener.drain(ending.pauses?.idleGraceMs ?? 0));
    // Before that, since a stream would never end by itself.
    for (const streams of [events, consoleParts.live])
      takeDown.push('the event streams', () => streams.stop());
    ending.onDrain = events.leave;
    announce(listener, log, store.membership.servers);

    await engine.start().catch(orNotStarted);
    const watch = registry.watch(engine);
    takeDown.push('the watch over apps', () => watch.stop());
    return { url: listener.url, networkUrls: listener.networkUrls, stop, reload };
  } catch (error) {
    await stop();
    throw error;
  }
}

function createEnding(takeDown: TakeDown) {
  const ending = {
    /** Set from the moment at which the server is asked to stop. */
    pauses: undefined as StopPauses | undefined,
    /** Called when a drain delay begins. */
    onDrain: (_drainDelayMs: number): void => {},
    async stop(pauses: StopPauses = {}): Promise<void> {
      ending.pauses = pauses;
      const { drainDelayMs = 0 } = pauses;
      if (drainDelayMs > 0) ending.onDrain(drainDelayMs);
      await sleep(drainDelayMs);
      await takeDown.run(STOP_WITHIN_MS);
    },
  };
  return ending;
}

function announce({ url, networkUrls }: ReachableUrls, log: Logger, servers: ServerList): void {
  servers.listensAt(url);
  servers.show().catch(() => {});
  log.info({ url, ...(networkUrls.length > 0 && { networkUrls }) }, `listening on ${url}`);
}

async function stopEngine(engine: RefreshEngine, redis: RedisClient): Promise<void> {
  const isRedisThere = await redis.ping().then(Boolean, () => false);
  const patience = sleep(ENGINE_PATIENCE_MS, undefined, { ref: false });
  await Promise.race(isRedisThere ? [engine.stop()] : [engine.stop(), patience]);
}
