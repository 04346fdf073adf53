import type { Keys, RedisClient, RefreshEngine } from '@zhongkong/jobs';
import type { Logger } from '../logger.js';
import type { AppDirectory } from '../tokens/app-directory.js';

const EVERY_MS = 60_000;
/** Another server may have a file that still names the app; it says so once a minute. */
const GRACE_MS = 600_000;
const AT_A_TIME = 1_000;

export interface LeftAppsDeps {
  readonly redis: RedisClient;
  readonly keys: Keys;
  readonly apps: AppDirectory;
  readonly engine: Pick<RefreshEngine, 'removeApp'>;
  readonly nowMs: () => number;
  /** No other server can be on this Redis, so what this one's file does not name is named by none. */
  readonly isOnlyServer: boolean;
  readonly log: Logger;
}

/** Removes from Redis what is kept of apps that no configuration file names any more. */
export function watchLeftApps(deps: LeftAppsDeps): { stop(): void } {
  const run = () =>
    removeLeftApps(deps).catch((error: unknown) =>
      deps.log.debug({ err: error }, 'apps that left the file could not be removed; will retry'),
    );
  const timer = setInterval(run, EVERY_MS).unref();
  void run();
  return { stop: () => clearInterval(timer) };
}

async function removeLeftApps(deps: LeftAppsDeps): Promise<void> {
  const { redis, keys, apps, engine, nowMs, isOnlyServer, log } = deps;
  const now = nowMs();
  const named = apps.fileApps().map(({ appId }) => appId);
  for (let at = 0; at < named.length; at += AT_A_TIME) {
    const claims = named.slice(at, at + AT_A_TIME).flatMap((appId) => [now, appId]);
    await redis.zadd(keys.fileApps, ...claims);
  }
  const before = isOnlyServer ? `(${now}` : now - GRACE_MS;
  const left = await redis.zrangebyscore(keys.fileApps, '-inf', before, 'LIMIT', 0, AT_A_TIME);
  for (const appId of left) {
    if (!apps.has(appId)) {
      await engine.removeApp(appId, true);
      log.info(
        { appId },
        'the app stands in no configuration file any more; what Redis held of it was removed',
      );
    }
    await redis.zrem(keys.fileApps, appId);
  }
}
