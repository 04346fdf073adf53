import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { eventually } from '../helpers/eventually.js';
import { API_KEY, APP, OTHER_APP, startPlatform } from '../helpers/fixtures.js';
import { sendRaw } from '../helpers/raw-http.js';
import { startServer } from '../helpers/test-server.js';

const READER_KEY = 'the-key-of-the-reader';
const WRITER_KEY = 'the-key-of-a-writer-4711';
const PATH = `/v1/apps/${APP.appId}/access-token`;
const ADMIN = { authorization: 'Bearer the-key-of-an-admin-0815', 'content-type': 'application/json' };
const CLIENTS = [
  { name: 'order-service', key: API_KEY, apps: [APP.appId] },
  { name: 'reader', key: READER_KEY, apps: ['*'], scopes: ['token:read'] },
  { name: 'writer', key: WRITER_KEY, apps: ['*'], scopes: ['token:write'] },
  { name: 'admin', key: 'the-key-of-an-admin-0815', apps: ['*'], scopes: ['admin', 'token:read'] },
];

let isOpen = true;
let etag = '';
let server: Awaited<ReturnType<typeof startServer>>;
let platform: Awaited<ReturnType<typeof startPlatform>>;

const read = (key: string, more: Record<string, string> = {}, path = PATH) =>
  fetch(`${server.url}${path}`, { headers: { authorization: `Bearer ${key}`, ...more } });
const manage = (method: string, path: string, body?: object) =>
  fetch(`${server.url}${path}`, {
    method,
    headers: ADMIN,
    ...(body && { body: JSON.stringify(body) }),
  });

/** What was sent, in bytes, without what differs between any two answers. */
async function through(lane: 'fast' | 'ordinary', bytes: Buffer): Promise<string> {
  isOpen = lane === 'fast';
  const text = await sendRaw(server.url, bytes);
  return text
    .replace(/^Date: .*\r\n/gm, '')
    .replace(/^x-request-id: [\da-f]{8}-.*\r\n/gm, 'x-request-id: new\r\n');
}

/** Through both; again if a second of the token's life ended between them. */
async function throughBoth(bytes: Buffer): Promise<[string, string]> {
  for (;;) {
    const before = await through('ordinary', bytes);
    const fast = await through('fast', bytes);
    const after = await through('ordinary', bytes);
    if (before === after) return [fast, before];
  }
}

async function counted(): Promise<Record<string, number>> {
  const text = await (await fetch(`${server.url}/metrics`, { headers: ADMIN })).text();
  const ofReads =
    /^zhongkong_http_request_duration_seconds_count\{method="GET",route="\/v1\/apps\/:appId\/access-token",status="(\d+)"\} (\d+)$/gm;
  return Object.fromEntries([...text.matchAll(ofReads)].map(([, status, count]) => [status, Number(count)]));
}

beforeAll(async () => {
  platform = await startPlatform();
  server = await startServer({
    platform: platform.url,
    config: { clients: CLIENTS },
    isFastLaneOpen: () => isOpen,
  });
  for (const { key } of CLIENTS) etag = (await read(key)).headers.get('etag') ?? etag;
});
afterAll(() => server.stop());

const header = (name: fc.Arbitrary<string>, value: fc.Arbitrary<string>) =>
  fc.tuple(name, value).map(([key, text]) => `${key}: ${text}\r\n`);
const headers = fc.oneof(
  {
    weight: 4,
    arbitrary: header(
      fc.constantFrom('Authorization', 'authorization', 'AUTHORIZATION'),
      fc.oneof(
        {
          weight: 5,
          arbitrary: fc.constantFrom(API_KEY, READER_KEY, WRITER_KEY).map((key) => `Bearer ${key}`),
        },
        fc.constantFrom(
          `bearer   ${READER_KEY}`,
          `Basic ${API_KEY}`,
          'Bearer',
          `Bearer ${API_KEY} x`,
          'Bearer wrong',
          API_KEY,
          '',
        ),
      ),
    ),
  },
  header(
    fc.constantFrom('If-None-Match', 'if-none-match'),
    fc.constantFrom('current', 'W/current', '"1", current', '*', '"1"', '41', '', ' * ', 'currentx'),
  ),
  header(fc.constant('X-Request-Id'), fc.constantFrom('mine', 'a b', 'x'.repeat(128), 'x'.repeat(129), '')),
  header(fc.constant('Accept-Language'), fc.constantFrom('zh-CN', 'en', '*')),
  header(fc.constant('Cache-Control'), fc.constant('no-cache')),
  header(fc.constant('X-Forwarded-For'), fc.constant('192.0.2.9')),
  header(fc.constant('Range'), fc.constant('bytes=0-3')),
  header(fc.constant('Expect'), fc.constant('100-continue')),
  header(fc.constant('Content-Length'), fc.constant('0')),
  header(fc.constant('Upgrade'), fc.constant('h2c')),
);
const target = fc.oneof(
  { weight: 6, arbitrary: fc.constant(PATH) },
  fc.constantFrom(
    `/v1/apps/${OTHER_APP.appId}/access-token`,
    '/v1/apps/wx1/access-token',
    '/v1/apps/__proto__/access-token',
    '/v1/apps/%2e%2e/access-token',
    `${PATH}?a=1`,
    `${PATH}/`,
    `http://elsewhere${PATH}`,
    PATH.toUpperCase(),
    '/v1/apps//access-token',
  ),
);
const requests = fc.record({
  method: fc.oneof({ weight: 6, arbitrary: fc.constant('GET') }, fc.constantFrom('HEAD', 'POST', 'OPTIONS')),
  target,
  version: fc.oneof({ weight: 6, arbitrary: fc.constant('1.1') }, fc.constant('1.0')),
  headers: fc.array(headers, { maxLength: 4 }),
});

describe('the fast lane', () => {
  it('answers every request byte for byte as the ordinary way does', async () => {
    let taken = 0;
    await fc.assert(
      fc.asyncProperty(requests, async ({ method, target: path, version, headers: lines }) => {
        const all = lines.join('').replaceAll('current', etag);
        const bytes = Buffer.from(
          `${method} ${path} HTTP/${version}\r\nHost: x\r\nConnection: close\r\n${all}\r\n`,
        );
        const [fast, ordinary] = await throughBoth(bytes);
        expect(fast).toBe(ordinary);
        if (/^HTTP\/1\.1 (200|304)/.test(fast)) taken += 1;
      }),
      { numRuns: 250, seed: Number(process.env.FC_SEED) },
    );
    // Else the property would say nothing.
    expect(taken).toBeGreaterThan(30);
  });

  it('counts each answer once, as the ordinary way does', async () => {
    const ask = async () => {
      const before = await counted();
      for (let index = 0; index < 3; index += 1) await (await read(API_KEY)).text();
      await (await read(API_KEY, { 'if-none-match': etag })).text();
      await (await read(WRITER_KEY)).text();
      return eventually('the counts', async () => {
        const now = await counted();
        const more = ['200', '304', '403'].map((status) => (now[status] ?? 0) - (before[status] ?? 0));
        return more.join() === '3,1,1';
      });
    };
    isOpen = true;
    await ask();
    isOpen = false;
    await ask();
  });

  it('gives the new token from the moment that a rotation is answered', async () => {
    isOpen = true;
    const { accessToken } = (await (await read(API_KEY)).json()) as { accessToken: string };
    const rotated = await manage('POST', `${PATH}/rotate`, { force: true });
    const next = (await rotated.json()) as { accessToken: string; version: number };
    expect(next.accessToken).not.toBe(accessToken);
    const answer = await read(API_KEY, { 'if-none-match': etag });
    expect([answer.status, await answer.json()]).toMatchObject([200, { accessToken: next.accessToken }]);
    etag = answer.headers.get('etag') ?? '';
  });

  it('refuses a key from the moment that it was revoked', async () => {
    isOpen = true;
    const created = await manage('POST', '/v1/clients', {
      name: 'short',
      apps: [APP.appId],
      scopes: ['token:read'],
    });
    const { id, key } = (await created.json()) as { id: string; key: string };
    for (let index = 0; index < 3; index += 1) expect((await read(key)).status).toBe(200);
    expect((await manage('DELETE', `/v1/clients/${id}`)).status).toBeLessThan(300);
    expect((await read(key)).status).toBe(401);
  });

  it('keeps the order of requests that were sent ahead on one connection', async () => {
    isOpen = true;
    const head = (method: string, path: string, key: string, more = '') =>
      `${method} ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${key}\r\n${more}\r\n`;
    const slow = head('GET', '/v1/apps', 'the-key-of-an-admin-0815');
    const text = await sendRaw(
      server.url,
      Buffer.from(head('GET', PATH, API_KEY) + slow + head('GET', PATH, API_KEY, 'Connection: close\r\n')),
    );
    const kinds = [...text.matchAll(/\r\n\r\n(\{"appId":"\w+","accessToken"|[[{])/g)].map(
      ([, start]) => start?.length,
    );
    expect(kinds.map((length) => (length ?? 0) > 1)).toEqual([true, false, true]);
  });
});
