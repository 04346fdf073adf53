import { measureInTurn, ratioOf, rounded, summary } from '../tools/compare.mjs';
import { API_KEY, APP_ID, client } from '../tools/processes.mjs';
import { bytesOf, TOKEN_PATH, WITH_KEY } from '../tools/requests.mjs';

const ALLOWED_MS = 10;
const PATH = `/v1/events?apps=${APP_ID}`;
const SECOND_KEY = 'the-key-of-the-second-client-0123456789';
/** One client may have 5,000 streams. */
const KEYS = [API_KEY, SECOND_KEY];

/** A new token reaches every stream, beside bare node:http that writes the same bytes to as many sockets. */
export async function benchStreams({ processes, isSmoke }) {
  const [rounds, few, many] = isSmoke ? [1, 10, 20] : [15, 1_000, 10_000];
  const platform = await processes.start('platform');
  const redis = await processes.startRedis();
  const apps = [{ appId: APP_ID, mode: 'external' }];
  const clients = [client(), client({ name: 'second', key: SECOND_KEY })];
  const server = await processes.startServer({ platform: platform.url, redis, apps, clients });
  const bare = await processes.start('bare');
  const ours = await processes.start('streams', [], false);
  const others = await processes.start('streams', [], false);
  const requests = KEYS.map((key) => bytesOf('GET', PATH, { authorization: `Bearer ${key}` }));
  const before = (await server.ask({ isCollected: true })).heapBytes;
  await ours.ask({ open: { port: server.port, count: few, requests } });
  await others.ask({ open: { port: bare.port, count: few, requests: [bytesOf('GET', '/v1/events')] } });

  let pushed = 0;
  const push = async () => {
    pushed += 1;
    const accessToken = `token-${pushed}-`.padEnd(136, '_');
    const body = JSON.stringify({ accessToken, expiresIn: 7200 });
    const request = bytesOf('PUT', TOKEN_PATH, WITH_KEY, body);
    return ours.ask({ push: { port: server.port, request, marker: `token-${pushed}-` } });
  };
  await push();
  const event = `event: access-token\nid: ${APP_ID}:1790000000\ndata: ${await (await server.request(TOKEN_PATH)).text()}\n\n`;
  await bare.ask({ event });
  const measured = await measureInTurn(rounds, {
    bare: () => others.ask({ push: { port: bare.port, request: bytesOf('PUT', '/'), marker: 'token-1-' } }),
    ours: push,
  });
  const p99 = (name) => measured[name].map(({ p99Ms }) => p99Ms);
  const bound = p99('bare').map((ms) => 1.5 * ms + ALLOWED_MS);
  await ours.ask({ open: { port: server.port, count: many - few, requests, isNew: false } });
  const during = (await server.ask({ isCollected: true })).heapBytes;
  const atMany = await measureInTurn(isSmoke ? 1 : 5, { ours: push });
  return [
    {
      what: `new token known to ${few} streams, p99, of 1.5 × bare plus 10 ms`,
      ...ratioOf(p99('ours'), bound),
      wanted: '≤ 1',
      more: { p99Ms: { ours: p99('ours'), bare: p99('bare') } },
    },
    {
      what: `new token known to ${many} streams, p99 (ms)`,
      ...summary(atMany.ours.map(({ p99Ms }) => p99Ms)),
      wanted: '–',
    },
    {
      what: 'memory of one stream (KiB)',
      value: rounded((during - before) / many / 1024),
      spread: '',
      wanted: '–',
    },
  ];
}
