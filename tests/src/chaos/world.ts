import { setTimeout as sleep } from 'node:timers/promises';
import type { Sandbox } from '@zhongkong/sandbox';
import { type Balancer, startBalancer } from '../helpers/balancer.js';
import { cleanUp } from '../helpers/clean-up.js';
import { APP, OTHER_APP, startPlatform } from '../helpers/fixtures.js';
import { type RedisProcess, startRedis } from '../helpers/redis-process.js';
import { type ServerProcess, spawnServer } from '../helpers/server-process.js';
import { tempFolder } from '../helpers/temp-folder.js';
import { TroubleLog } from './timeline.js';

/** Lives short enough that a minute sees several generations; the platform's own are 7200 and 300. */
export const LIFETIMES = { tokenSeconds: 20, overlapSeconds: 6 };
const SERVERS = 3;

export const APPS = [
  { ...APP, mode: 'classic' as const },
  { ...OTHER_APP, mode: 'stable' as const },
];

/** What can be in trouble, and when it was. */
interface Troubles {
  readonly platform: TroubleLog;
  readonly redis: TroubleLog;
  /** One each; there is a server as long as not all are in trouble. */
  readonly servers: readonly TroubleLog[];
}

export interface World {
  readonly platform: Sandbox;
  readonly redis: RedisProcess;
  readonly balancer: Balancer;
  readonly troubles: Troubles;
  /** The server of a place; undefined while it is down. */
  server(place: number): { process: ServerProcess; url: string } | undefined;
  /** Kills the server of a place and starts another after the pause. */
  replaceServer(place: number, pauseMs: number): Promise<void>;
  /** Nothing is started any more. */
  end(): void;
}

/** Three servers behind a balancer, one Redis, one platform. */
export async function createWorld(apiKey: string): Promise<World> {
  const [redis, platform, balancer] = await Promise.all([
    startRedis(),
    startPlatform({
      lifetimes: LIFETIMES,
      limits: { tokenPerDay: 100_000, forcePerDay: 100_000, forceSpacingSeconds: 2 },
    }),
    startBalancer(),
  ]);
  const troubles = {
    platform: new TroubleLog(),
    redis: new TroubleLog(),
    servers: Array.from({ length: SERVERS }, () => new TroubleLog()),
  };
  const servers = new Map<number, { process: ServerProcess; url: string }>();
  let isOver = false;

  async function startServer(place: number): Promise<void> {
    if (isOver) return;
    const process = spawnServer({
      platform: platform.url,
      redisUrl: redis.url,
      dataDir: tempFolder(),
      config: {
        apps: APPS,
        clients: [{ name: 'chaos', key: apiKey, apps: ['*'] }],
        policy: {
          passiveCooldown: 1,
          sweep: 2,
          upstreamTimeout: 2,
          dailyBudget: 100_000,
          forceBudget: 20,
          forceSpacing: 2,
        },
      },
    });
    try {
      const url = await process.ready;
      servers.set(place, { process, url });
      balancer.setTarget(place, url);
    } catch {
      // Redis was away for longer than a starting server waits; an operator starts it again.
      process.kill('SIGKILL');
      await sleep(500);
      await startServer(place);
    }
  }

  await Promise.all(troubles.servers.map((_log, place) => startServer(place)));
  const world: World = {
    platform,
    redis,
    balancer,
    troubles,
    server: (place) => servers.get(place),
    async replaceServer(place, pauseMs) {
      const ended = troubles.servers[place]?.begin();
      const old = servers.get(place);
      servers.delete(place);
      balancer.setTarget(place, undefined);
      old?.process.kill('SIGKILL');
      await sleep(pauseMs);
      await startServer(place);
      ended?.();
    },
    end() {
      isOver = true;
    },
  };
  cleanUp(() => world.end());
  return world;
}
