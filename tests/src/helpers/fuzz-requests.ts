import { pathInDoc, ROUTES } from '@zhongkong/token-server/testing';
import fc from 'fast-check';
import { APP, OTHER_APP } from './fixtures.js';

export const EXTERNAL = {
  appId: 'wx-of-another-system',
  secret: 'the-secret-of-the-external-app-99',
  mode: 'external',
};
const SCOPES = ['token:read', 'token:refresh', 'token:write', 'proxy', 'login', 'admin'];
export const KEYS = { all: 'the-key-of-all-scopes-4711', reader: 'the-key-of-a-reader-0815' };
export const CLIENTS = [
  { name: 'all', key: KEYS.all, apps: ['*'], scopes: SCOPES },
  { name: 'reader', key: KEYS.reader, apps: [APP.appId], scopes: ['token:read'] },
];
export const PUSHED_TOKEN = 'the-token-that-another-system-pushed-123';

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
  ...ROUTES.map(({ path }) => pathInDoc(path)),
  '/',
  '/v1',
  '/proxy/',
  '/cgi-bin',
  '//v1/apps',
  // Of the platform's: the relay, and the proxy.
  '/cgi-bin/getcallbackip',
  `/proxy/${APP.appId}/cgi-bin/getcallbackip`,
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
  fc.constant(['access_token', PUSHED_TOKEN]),
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
  fc.record({ jsCode: word }),
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

export interface FuzzRequest {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly authorization: string | null;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: Buffer | null;
}

export const fuzzRequest: fc.Arbitrary<FuzzRequest> = fc.record({
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

export function bytesOf(request: FuzzRequest): Buffer {
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

/** What no client library would send. */
export const oddBytes = fc.oneof(torn, pipelined, misframed, odd);
