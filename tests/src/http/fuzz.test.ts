import { describe, expect, it } from '@jest/globals';
import { openApiDocument, ROUTES } from '@zhongkong/token-server';
import fc from 'fast-check';
import { eventually } from '../helpers/eventually.js';
import { ROOT } from '../helpers/examples.js';
import { APP, OTHER_APP, startPlatform } from '../helpers/fixtures.js';
import { parseAnswer, type RawAnswer, sendRaw } from '../helpers/raw-http.js';
import { createReferenceCheck } from '../helpers/reference.js';
import { spawnServer } from '../helpers/server-process.js';
import { tempFolder } from '../helpers/temp-folder.js';
import { MASTER_KEY } from '../helpers/test-server.js';

const EXTERNAL = {
  appId: 'wx-of-another-system',
  secret: 'the-secret-of-the-external-app-99',
  mode: 'external',
};
const SCOPES = ['token:read', 'token:refresh', 'token:write', 'proxy', 'admin'];
const KEYS = { all: 'the-key-of-all-scopes-4711', reader: 'the-key-of-a-reader-0815' };
const clients = [
  { name: 'all', key: KEYS.all, apps: ['*'], scopes: SCOPES },
  { name: 'reader', key: KEYS.reader, apps: [APP.appId], scopes: ['token:read'] },
];
/** For each of the two; `FUZZ_MS` makes a long run. */
const FOR_MS = Number(process.env.FUZZ_MS ?? 6_000);
const PUSHED_TOKEN = 'the-token-that-another-system-pushed-123';

/** Words that mean something somewhere, and what breaks programs that did not expect it. */
const word = fc.oneof(
  fc.constantFrom(APP.appId, OTHER_APP.appId, EXTERNAL.appId, 'wx1', '__proto__', 'constructor', 'toString'),
  fc.constantFrom(
    '..',
    '.',
    '%2e%2e',
    '%2f',
    '%5c',
    '%00',
    '%',
    '%zz',
    '%E0%A4%A',
    '%ff',
    '%F0%9F%92%A9',
    '*',
    '[]',
  ),
  fc.constantFrom(
    'jsapi',
    'wx_card',
    'access-token',
    'client_credential',
    'true',
    '-1',
    '1e999',
    'NaN',
    '0x10',
  ),
  fc.stringMatching(/^[!-~]{1,40}$/),
  fc.integer({ min: 100, max: 6_000 }).map((length) => 'a'.repeat(length)),
);
const known = fc.constantFrom(
  ...ROUTES.map(({ path }) => path),
  '/',
  '/v1',
  '/proxy/',
  '/cgi-bin',
  '//v1/apps',
  '/%76%31/apps',
);
const filled = known.chain((path) => {
  const holes = path.match(/\{\w+\}/g) ?? [];
  return fc
    .tuple(...holes.map(() => fc.oneof(fc.constant(APP.appId), word)))
    .map((words) => words.reduce((done, text, index) => done.replace(holes[index] ?? '', () => text), path));
});
const path = fc.oneof(
  { weight: 6, arbitrary: filled },
  { weight: 1, arbitrary: fc.tuple(filled, word).map(([start, end]) => `${start}/${end}`) },
  { weight: 1, arbitrary: fc.array(word, { maxLength: 4 }).map((words) => `/${words.join('/')}`) },
);
const secretText = fc.oneof(fc.constantFrom(KEYS.all, KEYS.reader, APP.secret), word);
const field = fc.oneof(
  fc.tuple(
    fc.constantFrom('apps', 'limit', 'before', 'kind', 'appid', 'type', 'access_token', 'current_token'),
    word,
  ),
  fc.tuple(fc.constant('secret'), secretText),
  fc.constant(['grant_type', 'client_credential']),
  fc.tuple(word, word),
);
const query = fc
  .array(field, { maxLength: 6 })
  .map((fields) => fields.map(([name, value]) => `${name}=${value}`).join('&'));
const header = fc.oneof(
  fc.tuple(
    fc.constantFrom('If-None-Match', 'Last-Event-ID', 'Accept', 'Cookie', 'Host', 'X-Forwarded-For', 'Range'),
    word,
  ),
  fc.tuple(
    fc.constantFrom('Content-Type', 'Content-Encoding', 'Accept-Encoding', 'Expect', 'Upgrade', 'TE'),
    word,
  ),
  fc.constantFrom(
    ['Content-Type', 'application/json'],
    ['Content-Type', 'application/json; charset=utf-7'],
    ['Content-Encoding', 'gzip'],
    ['Expect', '100-continue'],
    ['Accept', 'text/html'],
    ['If-None-Match', '*'],
    ['X-Large', 'x'.repeat(20_000)],
  ),
  fc.tuple(
    fc.stringMatching(/^[A-Za-z-]{1,20}$/).map((name) => `X-${name}`),
    fc.stringMatching(/^[ -~\x80-\xff]{0,50}$/),
  ),
);
const authorization = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(`Bearer ${KEYS.all}`, `Bearer ${KEYS.reader}`) },
  {
    weight: 1,
    arbitrary: fc.oneof(
      word.map((text) => `Bearer ${text}`),
      word,
    ),
  },
);
const json = fc.oneof(
  fc.record(
    {
      staleVersion: fc.oneof(fc.integer(), fc.double(), word),
      staleToken: fc.oneof(word, fc.constant(null)),
      errcode: fc.oneof(fc.integer(), fc.jsonValue()),
    },
    { requiredKeys: [] },
  ),
  fc.record({
    accessToken: fc.oneof(fc.constant(PUSHED_TOKEN), word),
    expiresIn: fc.oneof(fc.constant(7200), fc.integer()),
  }),
  fc.record(
    {
      grant_type: fc.constantFrom('client_credential', 1),
      appid: word,
      secret: secretText,
      force_refresh: fc.jsonValue(),
    },
    { requiredKeys: [] },
  ),
  fc.jsonValue(),
);
const body = fc.oneof(
  { weight: 4, arbitrary: json.map((value) => Buffer.from(JSON.stringify(value))) },
  { weight: 1, arbitrary: json.map((value) => Buffer.from(JSON.stringify(value).slice(0, -1))) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)) },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom('', '{"__proto__":{"admin":true}}', '['.repeat(15_000), 'x'.repeat(40_000))
      .map((text) => Buffer.from(text)),
  },
);

interface FuzzRequest {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly authorization: string | null;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: Buffer | null;
}

const fuzzRequest: fc.Arbitrary<FuzzRequest> = fc.record({
  method: fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom('GET', 'PUT', 'POST') },
    { weight: 1, arbitrary: fc.constantFrom('DELETE', 'PATCH', 'HEAD', 'OPTIONS', 'TRACE', 'PROPFIND') },
  ),
  path,
  query,
  authorization: fc.option(authorization, { freq: 6 }),
  headers: fc.array(header as fc.Arbitrary<[string, string]>, { maxLength: 4 }),
  body: fc.option(body),
});

function bytesOf(request: FuzzRequest): Buffer {
  const lines = [
    `${request.method} ${request.path}${request.query === '' ? '' : `?${request.query}`} HTTP/1.1`,
    'Connection: close',
    ...(request.headers.some(([name]) => name === 'Host') ? [] : ['Host: x']),
    ...(request.authorization === null ? [] : [`Authorization: ${request.authorization}`]),
    ...request.headers.map(([name, value]) => `${name}: ${value}`),
    ...(request.body === null ? [] : [`Content-Length: ${request.body.length}`]),
  ];
  return Buffer.concat([
    Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'),
    request.body ?? Buffer.alloc(0),
  ]);
}

/** Bytes that are no request any more: torn, run together, or framed in two ways. */
const torn = fc.tuple(fuzzRequest, fc.double({ min: 0, max: 1, noNaN: true })).map(([request, share]) => {
  const bytes = bytesOf(request);
  return bytes.subarray(0, Math.floor(bytes.length * share));
});
const pipelined = fc
  .array(fuzzRequest, { minLength: 2, maxLength: 5 })
  .map((requests) =>
    Buffer.concat(
      requests.map((request) =>
        Buffer.from(bytesOf(request).toString('latin1').replace('Connection: close', 'X-Y: z'), 'latin1'),
      ),
    ),
  );
const POST = `POST /v1/apps/${APP.appId}/access-token/refresh HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${KEYS.all}\r\nContent-Type: application/json\r\n`;
const misframed = fc
  .tuple(
    fc.constantFrom(
      'Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n',
      'Transfer-Encoding: chunked\r\n\r\n-1\r\n{}',
      'Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n{}',
      'Transfer-Encoding: chunked\r\n\r\n2\r\n{}XX0\r\n\r\n',
      'Transfer-Encoding: chunked, identity\r\n\r\n2\r\n{}\r\n0\r\n\r\n',
      'Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n2\r\n{}\r\n0\r\n\r\n',
      'Content-Length: -1\r\n\r\n{}',
      'Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}',
      'Content-Length: 99999999999999999999\r\n\r\n{}',
      'Content-Length: 2\r\nno colon here\r\n\r\n{}',
      ' folded: 1\r\n\r\n',
      'X: a\0b\r\n\r\n',
      'X: a\rb\r\n\r\n',
      `X: ${'y'.repeat(100_000)}\r\n\r\n`,
      `${'X: y\r\n'.repeat(5_000)}\r\n`,
    ),
    fc.constantFrom(
      POST,
      POST.replace('HTTP/1.1', 'HTTP/9.9'),
      POST.replaceAll('\r\n', '\n'),
      POST.replace('/v1/', '/v1/\0'),
    ),
  )
  .map(([end, start]) => Buffer.from(start + end, 'latin1'));
const odd = fc.oneof(
  fc.uint8Array({ maxLength: 500 }).map((bytes) => Buffer.from(bytes)),
  fc
    .constantFrom(
      'GET http://example.com/v1/apps HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
      'OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
      'CONNECT example.com:443 HTTP/1.1\r\nHost: x\r\n\r\n',
      'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
      'GET /\r\n\r\n',
      'GET /v1/apps HTTP/1.1\r\n\r\n',
      '\r\n\r\n\r\n',
      '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
    )
    .map((text) => Buffer.from(text, 'latin1')),
);

const patterns = ROUTES.map(({ path: template, methods }) => ({
  template,
  tellsOf: (method: string) => methods.includes(method as 'get'),
  pattern: new RegExp(`^${template.replace(/\{path\}/, '.+').replace(/\{\w+\}/g, '[^/]+')}/?$`, 'i'),
}));
const check = createReferenceCheck(openApiDocument(ROUTES, '0.0.0'));

async function start() {
  const platform = await startPlatform();
  const dataDir = tempFolder();
  const server = spawnServer({
    platform: platform.url,
    dataDir,
    config: { apps: [APP, OTHER_APP, EXTERNAL], clients },
    environment: { LOG_LEVEL: 'trace', ZHONGKONG_MASTER_KEY: MASTER_KEY },
  });
  const url = await server.ready;
  const headers = { authorization: `Bearer ${KEYS.all}`, 'content-type': 'application/json' };
  const pushed = JSON.stringify({ accessToken: PUSHED_TOKEN, expiresIn: 7200 });
  await fetch(`${url}/v1/apps/${EXTERNAL.appId}/access-token`, { method: 'PUT', headers, body: pushed });
  await eventually('readiness', async () => (await fetch(`${url}/readyz`)).ok);
  const tokens = await Promise.all(
    [APP, OTHER_APP].map(async ({ appId }) => {
      const answer = await fetch(`${url}/v1/apps/${appId}/access-token`, { headers });
      return ((await answer.json()) as { accessToken: string }).accessToken;
    }),
  );
  const secrets = [KEYS.all, KEYS.reader, APP.secret, OTHER_APP.secret, EXTERNAL.secret, MASTER_KEY];
  return {
    server,
    url,
    dataDir,
    tokens,
    secrets,
    get: (path: string) => fetch(`${url}${path}`, { headers }),
  };
}

type Started = Awaited<ReturnType<typeof start>>;

/** What no answer may hold, whatever was asked. */
function expectNothingLeaked(text: string, asked: string, { tokens, secrets, dataDir }: Started): void {
  for (const secret of secrets) expect(text.replaceAll(asked, '')).not.toContain(secret);
  if (!asked.includes(KEYS.all) && !asked.includes(KEYS.reader))
    for (const token of tokens) expect(text).not.toContain(token);
  for (const place of [ROOT, dataDir, 'node_modules', 'node:internal']) expect(text).not.toContain(place);
  expect(text).not.toMatch(/\n\s+at |\.[jt]s:\d/);
}

/** The one 5xx that a client can cause: it pushed a token with so short a life that it is over. */
function isOverPushed({ status, body: text }: RawAnswer, asked: string): boolean {
  return status === 503 && text.includes('token_unavailable') && asked.includes(EXTERNAL.appId);
}

function expectDocumented(
  { method, path: asked }: FuzzRequest,
  { status, headers, body: text }: RawAnswer,
): void {
  const type = headers.get('content-type') ?? '';
  // Node's own refusals (of an expectation, or of who is too slow) have no body.
  if (method === 'HEAD' || (type === '' && status !== 304)) return;
  const routed = patterns.find(
    (one) => one.pattern.test(asked.split(/[?#]/)[0] ?? '') && one.tellsOf(method.toLowerCase()),
  );
  if (routed === undefined) return;
  check({
    method: method.toLowerCase(),
    path: routed.template,
    status,
    type,
    body: type.includes('event-stream') ? '' : text,
  });
}

async function expectStillWell({ server, get, tokens, secrets }: Started): Promise<void> {
  expect((await get('/healthz')).status).toBe(200);
  expect((await get(`/v1/apps/${APP.appId}/access-token`)).status).toBe(200);
  await eventually('no stream left', async () =>
    /^zhongkong_event_streams 0$/m.test(await (await get('/metrics')).text()),
  );
  const log = server.output();
  for (const secret of [...secrets, ...tokens, PUSHED_TOKEN]) expect(log).not.toContain(secret);
  expect(log).not.toContain('request failed');
}

function options(): fc.Parameters<unknown> {
  const seed = Number(process.env.FUZZ_SEED ?? Date.now() % 2 ** 31);
  process.stdout.write(`fuzz: FUZZ_SEED=${seed}\n`);
  return {
    seed,
    numRuns: 1_000_000,
    interruptAfterTimeLimit: FOR_MS,
    markInterruptAsFailure: false,
    endOnFailure: true,
  };
}

describe('whatever is sent', () => {
  it(
    'in path, query, headers and body: no 5xx, nothing that the reference does not tell of, no leak',
    async () => {
      const started = await start();
      let count = 0;
      await fc.assert(
        fc.asyncProperty(fc.array(fuzzRequest, { minLength: 8, maxLength: 16 }), async (requests) => {
          await Promise.all(
            requests.map(async (request) => {
              const bytes = bytesOf(request);
              const asked = bytes.toString('latin1');
              const text = await sendRaw(started.url, bytes);
              count += 1;
              expectNothingLeaked(text, asked, started);
              const answer = parseAnswer(text);
              if (answer === undefined || isOverPushed(answer, asked)) return;
              if (answer.status >= 500) throw new Error(text);
              expectDocumented(request, answer);
            }),
          );
        }),
        options(),
      );
      process.stdout.write(`fuzz: ${count} requests\n`);
      await expectStillWell(started);
    },
    FOR_MS + 60_000,
  );

  it(
    'as bytes that are torn, run together or framed in two ways: no 5xx, no leak, and the next one is served',
    async () => {
      const started = await start();
      let count = 0;
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.oneof(torn, pipelined, misframed, odd), { minLength: 32, maxLength: 48 }),
          async (all) => {
            await Promise.all(
              all.map(async (bytes) => {
                const asked = bytes.toString('latin1');
                const text = await sendRaw(started.url, bytes, 150);
                count += 1;
                expectNothingLeaked(text, asked, started);
                for (const [line] of text.matchAll(/^HTTP\/1\.1 5\d\d.*$/gm))
                  if (!asked.includes(EXTERNAL.appId)) throw new Error(line);
              }),
            );
          },
        ),
        options(),
      );
      process.stdout.write(`fuzz: ${count} connections\n`);
      await expectStillWell(started);
    },
    FOR_MS + 60_000,
  );
});
