import { measureInTurn, ratioOf, summary } from '../tools/compare.mjs';
import { APP_ID } from '../tools/processes.mjs';
import { allHave, bytesOf, TOKEN_PATH, WITH_KEY } from '../tools/requests.mjs';

const CONNECTIONS = 32;
const CALL = '/cgi-bin/getcallbackip';

/** Fewer than one client may have at WeChat at a time (192): what waits for its turn holds no call open. */
const OPEN = 180;

/** A call through the proxy, beside a bare process that passes it on by undici, and beside the platform itself. */
export async function benchProxy({ processes, isSmoke }) {
  const [rounds, durationMs, open] = isSmoke ? [1, 50, 20] : [9, 1_500, OPEN];
  const platform = await processes.start('platform');
  const redis = await processes.startRedis();
  const server = await processes.startServer({ platform: platform.url, redis });
  const { accessToken } = await (await server.request(TOKEN_PATH)).json();
  const relay = await processes.start('relay', [platform.url, accessToken]);
  const load = await processes.start('load', [], false);
  const proxied = bytesOf('GET', `/proxy/${APP_ID}${CALL}`, WITH_KEY);
  const calls = (port, request, connections) => async () =>
    allHave(200, await load.ask({ port, connections, requests: [request], durationMs }));
  const direct = bytesOf('GET', `${CALL}?access_token=${accessToken}`);
  const measured = await measureInTurn(rounds, {
    relay: calls(relay.port, bytesOf('GET', CALL), CONNECTIONS),
    ours: calls(server.port, proxied, CONNECTIONS),
    direct: calls(platform.port, direct, 1),
    oneByOne: calls(server.port, proxied, 1),
  });
  const rate = (name) => measured[name].map(({ perSecond }) => perSecond);
  const added = (figure) =>
    summary(measured.oneByOne.map((one, round) => one[figure] - measured.direct[round][figure]));
  return [
    {
      what: 'proxied call, of node:http with undici',
      ...ratioOf(rate('ours'), rate('relay')),
      wanted: '≥ 0.5',
      more: { perSecond: { ours: rate('ours'), relay: rate('relay') } },
    },
    { what: 'proxied call, added p50 (ms)', ...added('p50Ms'), wanted: '≤ 1' },
    { what: 'proxied call, added p99 (ms)', ...added('p99Ms'), wanted: '–' },
    await memoryRow({ platform, server, load, request: proxied, open, delayMs: isSmoke ? 200 : 3_000 }),
  ];
}

async function memoryRow({ platform, server, load, request, open, delayMs }) {
  await platform.ask({ delayMs });
  const burst = () => load.ask({ port: server.port, connections: open, requests: [request], count: open });
  await burst();
  const before = (await server.ask({ isCollected: true })).heapBytes;
  const under = burst();
  await new Promise((resolve) => setTimeout(resolve, delayMs / 2));
  const during = (await server.ask({ isCollected: true })).heapBytes;
  allHave(200, await under);
  const value = Math.round(((during - before) / open / 1024) * 10) / 10;
  return { what: 'proxied call, memory while it is open (KiB)', value, spread: '', wanted: '–' };
}
