import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultOptions } from '@zhongkong/sandbox';
import type { Random } from './random.js';
import { APPS, type World } from './world.js';

/** Something that goes wrong, for a while or at once. */
export interface Disturbance {
  readonly name: string;
  run(world: World, random: Random): Promise<void>;
}

/** Only what the servers ask: a platform whose business APIs fail is no matter of the token. */
const TOKEN_PATHS = ['/cgi-bin/token', '/cgi-bin/stable_token', '/cgi-bin/get_api_domain_ip'];

const someServer = (world: World, random: Random) =>
  Math.floor(random.next() * world.troubles.servers.length);

async function platformFault(world: World, fault: FaultOptions, forMs: number): Promise<void> {
  const ended = world.troubles.platform.begin();
  const ids = TOKEN_PATHS.map((path) =>
    world.platform.control.addFault({ ...fault, path, times: 'forever' }),
  );
  await sleep(forMs);
  for (const id of ids) world.platform.control.clearFaults(id);
  ended();
}

const platformFaults: [string, FaultOptions][] = [
  ['platform slow', { kind: 'slow', delayMs: 1_000 }],
  ['platform hanging', { kind: 'hang' }],
  ['platform 5xx', { kind: 'status', status: 502 }],
  ['platform torn', { kind: 'torn' }],
  ['platform -1', { kind: 'errcode', errcode: -1 }],
];

export const DISTURBANCES: readonly Disturbance[] = [
  {
    name: 'server kill -9',
    run: (world, random) => world.replaceServer(someServer(world, random), random.between(300, 3_000)),
  },
  {
    name: 'server SIGSTOP',
    async run(world, random) {
      const place = someServer(world, random);
      const server = world.server(place);
      const ended = world.troubles.servers[place]?.begin();
      server?.process.kill('SIGSTOP');
      await sleep(random.between(500, 7_000));
      server?.process.kill('SIGCONT');
      ended?.();
    },
  },
  {
    name: 'redis killed',
    async run({ redis, troubles }, random) {
      if (troubles.redis.isUnderWay) return;
      const ended = troubles.redis.begin();
      redis.kill('SIGKILL');
      await sleep(random.between(300, 3_000));
      await redis.start();
      ended();
    },
  },
  {
    name: 'redis paused',
    async run({ redis, troubles }, random) {
      if (troubles.redis.isUnderWay) return;
      const ended = troubles.redis.begin();
      redis.kill('SIGSTOP');
      await sleep(random.between(300, 4_000));
      redis.kill('SIGCONT');
      ended();
    },
  },
  {
    name: 'redis emptied',
    async run({ redis, troubles }) {
      if (troubles.redis.isUnderWay) return;
      const connection = redis.open();
      await connection.flushall();
      connection.disconnect();
    },
  },
  ...platformFaults.map(([name, fault]) => ({
    name,
    run: (world: World, random: Random) => platformFault(world, fault, random.between(500, 5_000)),
  })),
  {
    name: 'answer lost',
    async run({ platform }, random) {
      platform.control.addFault({ kind: 'lost', path: random.pick(TOKEN_PATHS.slice(0, 2)), times: 1 });
    },
  },
  {
    name: 'foreign refresher',
    async run({ platform }, random) {
      const { appId, mode } = random.pick(APPS);
      const endpoint = mode === 'classic' ? 'token' : 'stable_token';
      platform.control.foreignRefresh({ appId, endpoint, forceRefresh: mode === 'stable' });
    },
  },
  {
    name: 'token revoked',
    async run({ platform }, random) {
      platform.control.revoke({ appId: random.pick(APPS).appId });
    },
  },
];
