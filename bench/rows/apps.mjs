import { rounded } from '../tools/compare.mjs';
import { client, cpuMsOf, eventually } from '../tools/processes.mjs';
import { allHave, bytesOf, WITH_KEY } from '../tools/requests.mjs';

/** How many fetches the engine has under way at a time. */
const UPSTREAM_CONCURRENCY = 50;
const PLATFORM_DELAY_MS = 20;
const SETTLE_MS = 8_000;
const WATCH_MS = 10_000;

/** Ten thousand apps: the first start, a restart with what is stored, memory, and what nothing costs. */
export async function benchApps({ processes, isSmoke }) {
  const count = isSmoke ? 20 : 10_000;
  const one = await measureApps(processes, count, { isSmoke, emptyBytes: await emptyBytesOf(processes) });
  const bestMs = (count * PLATFORM_DELAY_MS) / UPSTREAM_CONCURRENCY;
  return [
    row(
      `${count} apps, first start, of ${UPSTREAM_CONCURRENCY} fetches at a time`,
      one.firstStartMs / bestMs,
      '≤ 1.3',
      one,
    ),
    row(`${count} apps, restart until all tokens are there (s)`, one.restartMs / 1000, '≤ 3'),
    row(`${count} apps, fetches by the restart`, one.restartFetches, '≤ 0'),
    row(`${count} apps, memory of one (KiB)`, one.bytesPerApp / 1024, '≤ 6'),
    row(`${count} apps, nothing due: server and Redis (% of a core)`, one.idlePercent, '≤ 3'),
    row(`${count} apps, nothing due: slowest read (ms)`, one.slowestReadMs, '≤ 50'),
  ];
}

/** Ten times as many cost ten times as much, and no more. */
export async function benchManyApps({ processes, isSmoke }) {
  const [few, many] = isSmoke ? [5, 10] : [10_000, 100_000];
  const options = { isSmoke, emptyBytes: await emptyBytesOf(processes), delayMs: 0 };
  const small = await measureApps(processes, few, options);
  const large = await measureApps(processes, many, options);
  const growth = (figure) => large[figure] / small[figure] / (many / few);
  return [
    row(`${many} apps, restart, of ${many / few} times ${few}`, growth('restartMs'), '≤ 1.1', {
      small,
      large,
    }),
    row(
      `${many} apps, memory, of ${many / few} times ${few}`,
      large.bytesPerApp / small.bytesPerApp,
      '≤ 1.1',
    ),
    row(`${many} apps, nothing due, of ${many / few} times ${few}`, growth('idlePercent'), '≤ 1.1'),
    row(`${many} apps, fetches by the restart`, large.restartFetches, '≤ 0'),
  ];
}

/** What a server uses that has one app. */
async function emptyBytesOf(processes) {
  const platform = await processes.start('platform');
  const redis = await processes.startRedis();
  const server = await processes.startServer({ platform: platform.url, redis });
  await allReady(server);
  const { heapBytes } = await server.ask({ isCollected: true });
  await server.stop();
  return heapBytes;
}

async function measureApps(processes, count, { isSmoke, emptyBytes, delayMs = PLATFORM_DELAY_MS }) {
  const platform = await processes.start('platform');
  await platform.ask({ delayMs });
  const redis = await processes.startRedis();
  const options = { platform: platform.url, redis, clients: [client()] };
  await platform.ask({ reset: true });
  const apps = Array.from({ length: count }, (_, index) => ({
    appId: appIdOf(index),
    secret: `the-secret-of-${index}`,
  }));
  const first = await processes.startServer({ ...options, apps });
  const startedAt = performance.now();
  await eventually(async () => (await platform.ask()).fetches >= count);
  const firstStartMs = performance.now() - startedAt;
  await allReady(first);
  await settled(isSmoke);
  await first.stop();

  await platform.ask({ reset: true });
  const again = await processes.startServer({ ...options, apps });
  await allReady(again);
  const restartMs = performance.now() - again.startedAt;
  await settled(isSmoke);
  const { heapBytes } = await again.ask({ isCollected: true });
  const idlePercent = await idleCost(again, redis, isSmoke);
  const load = await processes.start('load', [], false);
  const requests = apps
    .slice(0, 100)
    .map(({ appId }) => bytesOf('GET', `/v1/apps/${appId}/access-token`, WITH_KEY));
  const watched = {
    port: again.port,
    connections: 4,
    requests,
    perSecond: 100,
    durationMs: isSmoke ? 100 : WATCH_MS,
  };
  const reads = allHave(200, await load.ask(watched));
  const { fetches: restartFetches } = await platform.ask();
  await again.stop();
  return {
    firstStartMs,
    restartMs,
    restartFetches,
    bytesPerApp: (heapBytes - emptyBytes) / count,
    idlePercent,
    slowestReadMs: reads.maxMs,
  };
}

/** Every app has a living token in the memory of the server. */
async function allReady(server) {
  await eventually(async () => {
    const { status, apps } = await (await server.request('/readyz')).json();
    return status === 'ready' && apps.length === 0;
  });
}

async function idleCost(server, redis, isSmoke) {
  const used = () => cpuMsOf(server.pid) + cpuMsOf(redis.pid);
  const from = used();
  const startedAt = performance.now();
  await new Promise((resolve) => setTimeout(resolve, isSmoke ? 100 : WATCH_MS));
  return (100 * (used() - from)) / (performance.now() - startedAt);
}

function settled(isSmoke) {
  return new Promise((resolve) => setTimeout(resolve, isSmoke ? 0 : SETTLE_MS));
}

function appIdOf(index) {
  return `wx${String(index).padStart(16, '0')}`;
}

function row(what, value, wanted, more) {
  return { what, value: rounded(value), spread: '', wanted, ...(more && { more }) };
}
