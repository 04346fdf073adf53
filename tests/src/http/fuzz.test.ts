import { describe, expect, it } from '@jest/globals';
import { methodsInDoc, openApiDocument, pathInDoc, ROUTES } from '@zhongkong/token-server/testing';
import fc from 'fast-check';
import { eventually } from '../helpers/eventually.js';
import { ROOT } from '../helpers/examples.js';
import { APP, OTHER_APP, startPlatform } from '../helpers/fixtures.js';
import {
  bytesOf,
  CLIENTS,
  EXTERNAL,
  type FuzzRequest,
  fuzzRequest,
  KEYS,
  oddBytes,
  PUSHED_TOKEN,
} from '../helpers/fuzz-requests.js';
import { parseAnswer, type RawAnswer, sendRaw } from '../helpers/raw-http.js';
import { createReferenceCheck } from '../helpers/reference.js';
import { spawnServer } from '../helpers/server-process.js';
import { tempFolder } from '../helpers/temp-folder.js';
import { MASTER_KEY } from '../helpers/test-server.js';

/** For each of the two; `FUZZ_MS` makes a long run. */
const FOR_MS = Number(process.env.FUZZ_MS ?? 6_000);

const patterns = ROUTES.map((route) => ({
  template: pathInDoc(route.path),
  isDocumentedFor: (method: string) => methodsInDoc(route).includes(method as 'get'),
  pattern: new RegExp(`^${route.path.replace('{+path}', '.+').replace(/\{\w+\}/g, '[^/]+')}/?$`, 'i'),
}));
const check = createReferenceCheck(openApiDocument(ROUTES, '0.0.0'));

async function start() {
  const platform = await startPlatform();
  const dataDir = tempFolder();
  const server = spawnServer({
    platform: platform.url,
    dataDir,
    config: { apps: [APP, OTHER_APP, EXTERNAL], clients: CLIENTS },
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

/**
 * What no answer may hold, whatever was asked: no secret, no token of an app that is not the key's, no place of this
 * machine; but the doctor names to an admin key the files that are to be mended.
 */
function expectNothingLeaked(text: string, asked: string, { tokens, secrets, dataDir }: Started): void {
  for (const secret of secrets) expect(text).not.toContain(secret);
  const [own, other] = tokens;
  if (!asked.includes(KEYS.all)) {
    expect(text).not.toContain(other);
    if (!asked.includes(KEYS.reader)) expect(text).not.toContain(own);
  }
  const places = asked.includes('/v1/doctor') && asked.includes(KEYS.all) ? [] : [dataDir];
  for (const place of [ROOT, ...places, 'node_modules', 'node:internal']) expect(text).not.toContain(place);
  expect(text).not.toMatch(/\n\s+at |\.[jt]s:\d/);
}

/** The 5xx that a client can cause: it pushed a token whose life is over, or WeChat refused its login code. */
function isOfTheClient(asked: string): boolean {
  return asked.includes(EXTERNAL.appId) || asked.includes('/code2session');
}

function expectDocumented(
  { method, path: asked }: FuzzRequest,
  { status, headers, body: text }: RawAnswer,
): void {
  const type = headers.get('content-type') ?? '';
  // Node's own refusals (of an expectation, or of who is too slow) have no body.
  if (method === 'HEAD' || (type === '' && status !== 304)) return;
  const routed = patterns.find(
    (one) => one.pattern.test(asked.split(/[?#]/)[0] ?? '') && one.isDocumentedFor(method.toLowerCase()),
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
  return {
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
              if (answer === undefined) return;
              if (
                answer.status >= 500 &&
                !(isOfTheClient(asked) && /token_unavailable|upstream_rejected/.test(text))
              )
                throw new Error(text);
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
        fc.asyncProperty(fc.array(oddBytes, { minLength: 32, maxLength: 48 }), async (all) => {
          await Promise.all(
            all.map(async (bytes) => {
              const asked = bytes.toString('latin1');
              const text = await sendRaw(started.url, bytes, 150);
              count += 1;
              expectNothingLeaked(text, asked, started);
              for (const [line] of text.matchAll(/^HTTP\/1\.1 5\d\d.*$/gm))
                if (!isOfTheClient(asked)) throw new Error(line);
            }),
          );
        }),
        options(),
      );
      process.stdout.write(`fuzz: ${count} connections\n`);
      await expectStillWell(started);
    },
    FOR_MS + 60_000,
  );
});
