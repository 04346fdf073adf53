import { execFile } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { Validator } from '@seriousme/openapi-schema-validator';
import { fingerprint, PROBLEM_CODES } from '@zhongkong/shared';
import { problem } from '@zhongkong/shared/contract';
import {
  methodsInDoc,
  type OpenApiDocument,
  openApiDocument,
  pathInDoc,
  ROUTES,
  type RouteDoc,
} from '@zhongkong/token-server/testing';
import { eventually } from '../helpers/eventually.js';
import { ROOT } from '../helpers/examples.js';
import { APP, OTHER_APP, startPlatform } from '../helpers/fixtures.js';
import { createReferenceCheck } from '../helpers/reference.js';
import { tempFolder } from '../helpers/temp-folder.js';
import { startServer } from '../helpers/test-server.js';

const document: OpenApiDocument = openApiDocument(ROUTES, '0.0.0');
const operations = ROUTES.flatMap((route) =>
  methodsInDoc(route).map((method) => ({ name: `${method} ${pathInDoc(route.path)}`, method, route })),
);

const SCOPES = ['token:read', 'token:refresh', 'token:write', 'proxy', 'login', 'admin'];
const ALL = 'the-key-of-somebody-who-may-do-everything';
const EXTERNAL = { appId: 'wx-of-another-system', secret: 'unused', mode: 'external' };
const config = { apps: [APP, OTHER_APP, EXTERNAL] };
/** Where the first app of the fixtures would not do, by route. */
const APP_OF: Readonly<Record<string, string>> = {
  pushAccessToken: EXTERNAL.appId,
  putApp: 'wx-made-here',
  removeApp: 'wx-made-here',
};
/** WeChat does not know the secret of the example. */
const BODY_OF: Readonly<Record<string, unknown>> = {
  putApp: { mode: 'external' },
  signIn: { key: '$KEY' },
};
/** Its name changes with its content. */
const [CONSOLE_SCRIPT = ''] = readdirSync(
  new URL('../../../token-server/dist/console-page/console/assets/', import.meta.url),
).filter((name) => name.endsWith('.js'));
const clients = [
  { name: 'all', key: ALL, apps: ['*'], scopes: SCOPES },
  { name: 'own', key: 'own-operator', apps: [OTHER_APP.appId], scopes: SCOPES },
  ...SCOPES.map((scope) => ({
    name: `without-${scope}`,
    key: `without-${scope}`,
    apps: ['*'],
    scopes: SCOPES.filter((other) => other !== scope),
  })),
];

describe('the reference', () => {
  it('is a valid OpenAPI 3.1 document', async () => {
    const { valid, errors } = await new Validator().validate(structuredClone(document) as never);
    expect(errors ?? []).toEqual([]);
    expect(valid).toBe(true);
    const ids = Object.values(document.paths).flatMap((item) =>
      Object.values(item).map(({ operationId }) => operationId),
    );
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('has every code of the table of problems', () => {
    const text = JSON.stringify(document.paths);
    const words = [...text.matchAll(/"enum":\[([^\]]*)\]/g)].flatMap(([, list = '']) =>
      JSON.parse(`[${list}]`),
    );
    const missing = Object.keys(PROBLEM_CODES).filter(
      (code) => !words.includes(code) && !document.info.description.includes(`\`${code}\``),
    );
    expect(missing).toEqual([]);
  });
});

/** These answer as WeChat does. */
function isDropIn({ access }: RouteDoc): boolean {
  return access === 'key as secret';
}

describe('the reference for programs', () => {
  it('passes redocly lint without a warning', async () => {
    const file = join(tempFolder(), 'openapi.json');
    writeFileSync(file, JSON.stringify(document));
    const lint = ['lint', '--extends', 'recommended', '--max-problems', '20', '--format', 'json', file];
    const cli = join(ROOT, 'node_modules', '@redocly', 'cli', 'bin', 'cli.js');
    const options = { env: { ...process.env, REDOCLY_TELEMETRY: 'off', CI: 'true' } };
    const { stdout } = await promisify(execFile)(process.execPath, [cli, ...lint], options).catch(
      (error) => error,
    );
    const { problems } = JSON.parse(stdout) as { problems: { ruleId: string; message: string }[] };
    expect(problems.map(({ ruleId, message }) => `${ruleId}: ${message}`)).toEqual([]);
  }, 60_000);
});

describe('what the server answers', () => {
  let url: string;
  let token: string;
  let keyId = 'no-such-key';
  let check: ReturnType<typeof createReferenceCheck>;

  /** Asks, holds the answer against the reference, and gives it back. */
  async function ask(route: RouteDoc, method: string, options: AskOptions = {}) {
    const { key = ALL, query = route.example?.query } = options;
    const { appId = APP_OF[route.id] ?? APP.appId, body = BODY_OF[route.id] ?? route.example?.body } =
      options;
    const path = filled(route.path, appId, keyId);
    const response = await fetch(
      `${url}${path}${query === undefined ? '' : `?${query.replace('$KEY', ALL).replace('ACCESS_TOKEN', token)}`}`,
      {
        method: method.toUpperCase(),
        headers: {
          'x-zhongkong-console': '1',
          ...options.headers,
          ...(key === null ? {} : { authorization: `Bearer ${key}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined
          ? {}
          : { body: typeof body === 'string' ? body : JSON.stringify(body).replace('$KEY', ALL) }),
      },
    );
    const type = response.headers.get('content-type') ?? '';
    const isStream = type === 'text/event-stream';
    if (isStream) await response.body?.cancel();
    const text = isStream ? '' : await response.text();
    if (route.id === 'createKey' && response.ok) keyId = JSON.parse(text).id;
    check({ method, path: pathInDoc(route.path), status: response.status, type, body: text });
    return { status: response.status, headers: response.headers, text };
  }

  const codeOf = (answer: { text: string }) => problem.parse(JSON.parse(answer.text)).code;

  async function start(): Promise<void> {
    const platform = await startPlatform();
    ({ url } = await startServer({ platform: platform.url, config: { ...config, clients } }));
    const push = ROUTES.find(({ id }) => id === 'pushAccessToken');
    if (push !== undefined) await ask(push, 'put');
    await eventually('readiness', async () => (await fetch(`${url}/readyz`)).ok);
    const read = ROUTES.find(({ id }) => id === 'getAccessToken');
    if (read !== undefined) token = JSON.parse((await ask(read, 'get')).text).accessToken;
  }

  beforeAll(() => {
    check = createReferenceCheck(document);
  });

  it('is what the reference says, for every route', async () => {
    await start();
    for (const { method, route, name } of operations) {
      const { status } = await ask(route, method);
      const expected = route.answers[0]?.status;
      expect([name, status]).toEqual([name, expected === 'default' ? 200 : expected]);
    }
  });

  it('is the 401, 403 and 404 in the reference, for every route', async () => {
    await start();
    for (const { method, route } of operations.filter(
      ({ route }) => !route.access.startsWith('no') && !isDropIn(route),
    )) {
      expect(codeOf(await ask(route, method, { key: null }))).toBe('unauthorized');
      expect(codeOf(await ask(route, method, { key: 'nobody' }))).toBe('unauthorized');
      if (route.access === 'any key') continue;
      expect(codeOf(await ask(route, method, { key: `without-${route.access}` }))).toBe('forbidden');
      if (!route.path.includes('{appId}') || route.isAppNew) continue;
      expect(codeOf(await ask(route, method, { key: 'own-operator' }))).toBe('forbidden');
      expect(codeOf(await ask(route, method, { appId: 'wx1' }))).toBe('unknown_app');
      expect(codeOf(await ask(route, method, { appId: '%E0%A4%A' }))).toBe('invalid_request');
    }
  });

  it('is the 400 and 413 in the reference, wherever there is a query or a body', async () => {
    await start();
    for (const { method, route } of operations.filter((one) => !isDropIn(one.route))) {
      if (route.query !== undefined)
        expect(codeOf(await ask(route, method, { query: 'no-such-thing=1' }))).toBe('invalid_request');
      if (route.body === undefined) continue;
      expect(codeOf(await ask(route, method, { body: { 'no-such-thing': 1 } }))).toBe('invalid_request');
      expect(codeOf(await ask(route, method, { body: '{' }))).toBe('invalid_request');
      const large = { 'no-such-thing': 'x'.repeat(1024 * 1024) };
      expect(codeOf(await ask(route, method, { body: large }))).toBe('payload_too_large');
    }
  });

  it('is a drop-in fault in the reference, with HTTP 200', async () => {
    await start();
    const own = operations.filter((one) => isDropIn(one.route) && one.route.id !== 'relayCall');
    for (const { method, route } of own) {
      const wrong = route.body === undefined ? { query: 'appid=wx1' } : { body: { appid: 'wx1' } };
      const { status, text } = await ask(route, method, wrong);
      expect([status, Object.keys(JSON.parse(text))]).toEqual([200, ['errcode', 'errmsg']]);
    }
  });

  it('is never 304 where the reference does not tell of it', async () => {
    await start();
    for (const { method, route } of operations.filter((one) => one.method === 'get')) {
      const { status } = await ask(route, method, {
        headers: { 'if-none-match': '*', 'cache-control': 'max-age=0' },
      });
      const mayBe304 = route.answers.some((answer) => answer.status === 304);
      expect([route.path, status === 304]).toEqual([route.path, mayBe304]);
    }
  });

  it('is 405 with Allow for methods that are not in the reference', async () => {
    await start();
    const own = ROUTES.filter((route) => !isDropIn(route));
    for (const path of new Set(own.map((route) => route.path))) {
      const taken = operations
        .filter(({ route }) => route.path === path)
        .map(({ method }) => method.toUpperCase());
      for (const method of ['GET', 'PUT', 'POST', 'DELETE', 'PATCH'].filter((one) => !taken.includes(one))) {
        const response = await fetch(`${url}${filled(path, APP.appId)}`, {
          method,
          headers: { authorization: `Bearer ${ALL}` },
        });
        const allow = (response.headers.get('allow') ?? '').split(', ').sort();
        expect([method, path, response.status, allow]).toEqual([method, path, 405, taken.sort()]);
      }
    }
  });
});

function filled(path: string, appId: string, keyId = 'no-such-key'): string {
  return path
    .replace('{id}', `api-${fingerprint('order-service')}`)
    .replace('{keyId}', keyId)
    .replace('{appId}', appId)
    .replace('{name}', CONSOLE_SCRIPT)
    .replace('{code}', 'unauthorized')
    .replace('{type}', 'jsapi')
    .replace('{+path}', 'cgi-bin/getcallbackip');
}

interface AskOptions {
  readonly key?: string | null;
  readonly appId?: string;
  readonly query?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

describe('GET /openapi.json and /docs', () => {
  async function get(path: string, headers: Record<string, string> = {}) {
    const platform = await startPlatform();
    const { url } = await startServer({ platform: platform.url, config: { ...config, clients } });
    const response = await fetch(`${url}${path}`, { headers });
    return { response, text: await response.text() };
  }
  const key = { authorization: `Bearer ${ALL}` };

  it('is this document, for any client key', async () => {
    const { response, text } = await get('/openapi.json', key);
    expect(response.headers.get('content-type')).toMatch(/^application\/json/);
    expect(JSON.parse(text).paths).toEqual(JSON.parse(JSON.stringify(document.paths)));
  });

  it('is a page that tells of every route, parameter, field and error, and loads nothing', async () => {
    const { response, text } = await get('/docs', key);
    for (const { route, method } of operations) {
      const { operationId } = document.paths[pathInDoc(route.path)]?.[method] ?? {};
      expect(text).toContain(`<article id="${operationId}">`);
    }
    const names = [
      ...Object.keys(PROBLEM_CODES),
      ...Object.values(document.components.schemas).flatMap(({ properties = {} }) => Object.keys(properties)),
      'expires_in',
      'lastFault.hint.zh',
      'apps[].budgets[].almostUsedUp',
    ];
    for (const name of names.filter((one) => !['type', 'title', 'status', 'detail', 'code'].includes(one)))
      expect(text).toContain(`${name}</code>`);
    expect(text).not.toMatch(/<(link|img|iframe|object)|src=|@import|url\(|href="(?!#)|undefined|\[object/);
    expect(response.headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; style-src 'sha256-/,
    );
    expect(response.headers.get('cache-control')).toBe('no-store');
  });

  it('asks a browser that comes without a key for one, with a page that tells nothing', async () => {
    const { response, text } = await get('/docs', { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' });
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toMatch(/^Bearer/);
    expect(text).toContain('type="password"');
    expect(text).not.toContain('/v1/');
    const wrong = await get('/docs', { accept: 'text/html', authorization: 'Bearer nobody' });
    expect([wrong.response.status, problem.parse(JSON.parse(wrong.text)).code]).toEqual([
      401,
      'unauthorized',
    ]);
  });
});
