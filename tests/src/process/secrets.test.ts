import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from '@jest/globals';
import { runCli } from '../helpers/cli.js';
import { readEvents } from '../helpers/event-reader.js';
import { eventually } from '../helpers/eventually.js';
import { startPlatform } from '../helpers/fixtures.js';
import { startOtlpReceiver } from '../helpers/otlp-receiver.js';
import { childrenOf } from '../helpers/processes.js';
import { type RedisProcess, startRedis } from '../helpers/redis-process.js';
import { serve } from '../helpers/serve.js';
import { type ServerProcess, spawnServer } from '../helpers/server-process.js';
import { tempFolder } from '../helpers/temp-folder.js';

const STABLE = { appId: 'wx00000000000000a1', secret: 'appsecret-of-the-stable-app-1+/=' };
const CLASSIC = { appId: 'wx00000000000000a2', secret: 'appsecret-of-the-classic-app-2' };
const EXTERNAL = { appId: 'wx00000000000000a3', secret: 'appsecret-of-the-external-app-3' };
const ADDED = { appId: 'wx00000000000000a4', secret: 'appsecret-of-the-added-app-4' };
const KEYS = {
  admin: 'client-key-of-the-operator-0001+/=',
  shop: 'client-key-of-the-shop-0002',
  wrong: 'client-key-that-nobody-has-0003',
};
const ALERT = { path: 'address-of-the-robot-0004', secret: 'secret-of-the-robot-0005' };
const PASSWORD = 'password-of-the-redis-user-0006';
const COLLECTOR_KEY = 'key-of-the-collector-0007';
const [OLD_MASTER_KEY, MASTER_KEY] = [3, 4].map((byte) => Buffer.alloc(32, byte).toString('base64'));
const LOGIN_CODE = 'a1b2c3d4e5f6a1b2c3d4e5f6a1b2c3d4';

/** Every secret that there is, and those that the platform and the server make meanwhile. */
const secrets = new Map<string, string>(
  Object.entries({
    ...KEYS,
    'secret of the stable app': STABLE.secret,
    'secret of the classic app': CLASSIC.secret,
    'secret of the external app': EXTERNAL.secret,
    'secret of the added app': ADDED.secret,
    'wrong secret': 'appsecret-that-is-wrong-0008',
    'next secret': 'appsecret-of-the-added-app-next-0009',
    'address of the robot': ALERT.path,
    'secret of the robot': ALERT.secret,
    'password of Redis': PASSWORD,
    'key of the collector': COLLECTOR_KEY,
    'master key': MASTER_KEY ?? '',
    'old master key': OLD_MASTER_KEY ?? '',
    'login code': LOGIN_CODE,
  }),
);

/** Which secrets a text holds: as they are, in a URL, in base64, in hex. */
function secretsIn(content: string): string[] {
  const forms = (secret: string) => [
    secret,
    encodeURIComponent(secret),
    Buffer.from(secret).toString('base64').replace(/=+$/, ''),
    Buffer.from(secret).toString('hex'),
  ];
  return [...secrets]
    .filter(([, secret]) => forms(secret).some((form) => content.includes(form)))
    .map(([name]) => name);
}

const config = (robot: string) => ({
  apps: [STABLE, { ...CLASSIC, mode: 'classic' }, { appId: EXTERNAL.appId, mode: 'external' }],
  clients: [
    { name: 'operator', key: KEYS.admin, apps: ['*'], scopes: ['admin', 'token:read', 'token:write'] },
    { name: 'shop', key: KEYS.shop, apps: ['*'], scopes: ['token:read', 'token:refresh', 'proxy', 'login'] },
  ],
  alerts: [{ type: 'webhook', url: `${robot}/${ALERT.path}`, secret: ALERT.secret }],
});

/** Everything that can be read by somebody who should not know a secret. */
async function startWorld() {
  const apps = [STABLE, CLASSIC, EXTERNAL, ADDED];
  const [platform, redis, collector] = await Promise.all([
    startPlatform({ apps }),
    startRedis(),
    startOtlpReceiver(),
  ]);
  const connection = await redis.connect();
  await connection.call('ACL', 'SETUSER', 'zhongkong', 'on', `>${PASSWORD}`, '~*', '&*', '+@all');
  const alerts: string[] = [];
  const robot = await serve(async (request, response) => {
    alerts.push(JSON.stringify(request.headers) + (await text(request)));
    response.end();
  });
  const dataDir = tempFolder();
  const options = {
    platform: platform.url,
    redisUrl: redis.url.replace('redis://', `redis://zhongkong:${PASSWORD}@`),
    config: config(robot),
    dataDir,
    environment: {
      LOG_LEVEL: 'trace',
      ACCESS_LOG: 'all',
      ZHONGKONG_MASTER_KEY: `${MASTER_KEY},${OLD_MASTER_KEY}`,
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_EXPORTER_OTLP_HEADERS: `api-key=${COLLECTOR_KEY}`,
    },
  };
  return { platform, redis, collector, alerts, dataDir, options };
}

/** Uses the server. @returns what it has answered where no secret belongs into the answer */
function userOf(url: string) {
  const answers: string[] = [];
  async function ask(method: string, path: string, body?: unknown, key: string = KEYS.admin) {
    const answer = await fetch(`${url}${path}`, {
      method,
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const content = await answer.text();
    return { status: answer.status, content, headers: JSON.stringify([...answer.headers]) };
  }
  return {
    answers,
    /** An answer that may hold no secret. */
    async plain(...request: Parameters<typeof ask>) {
      const { status, content, headers } = await ask(...request);
      answers.push(`${request[0]} ${request[1].split('?')[0]} ${status} ${headers} ${content}`);
      return { status, content };
    },
    /** An answer that holds one; it is among those that are searched for from now on. */
    async secret(name: string, field: string, ...request: Parameters<typeof ask>) {
      const { content } = await ask(...request);
      const value = (JSON.parse(content) as Record<string, string>)[field];
      if (value === undefined) throw new Error(`no ${field} in ${content}`);
      secrets.set(name, value);
      return { value, body: JSON.parse(content) as Record<string, string> };
    },
  };
}

type User = ReturnType<typeof userOf>;
type World = Awaited<ReturnType<typeof startWorld>>;

async function useTokens({ plain, secret }: User, url: string, { platform }: World): Promise<void> {
  const path = ({ appId }: typeof STABLE) => `/v1/apps/${appId}/access-token`;
  const first = await secret('stable token', 'accessToken', 'GET', path(STABLE), undefined, KEYS.shop);
  await secret('classic token', 'accessToken', 'GET', path(CLASSIC), undefined, KEYS.shop);
  const stream = await readEvents(url, { key: KEYS.shop });
  await stream.event(1);
  platform.control.revoke({ appId: STABLE.appId });
  const report = { staleToken: first.value, errcode: 40001 };
  await secret('healed token', 'accessToken', 'POST', `${path(STABLE)}/refresh`, report, KEYS.shop);
  await secret('rotated token', 'accessToken', 'POST', `${path(CLASSIC)}/rotate`, {});
  stream.close();
  const { accessToken } = platform.control.foreignRefresh({ appId: EXTERNAL.appId, endpoint: 'token' });
  secrets.set('pushed token', accessToken);
  await plain('PUT', path(EXTERNAL), { accessToken: 'short', expiresIn: -1 });
  await secret('external token', 'accessToken', 'PUT', path(EXTERNAL), {
    accessToken,
    expiresIn: 7200,
  }).catch(() => {});
  await secret('ticket', 'ticket', 'GET', `/v1/apps/${CLASSIC.appId}/tickets/jsapi`, undefined, KEYS.shop);

  const dropIn = new URLSearchParams({
    grant_type: 'client_credential',
    appid: STABLE.appId,
    secret: KEYS.shop,
  });
  const given = await secret('drop-in token', 'access_token', 'GET', `/cgi-bin/token?${dropIn}`);
  await plain('GET', `/cgi-bin/getcallbackip?access_token=${given.value}`);
  await plain('GET', `/cgi-bin/getcallbackip?access_token=${first.value}`);
  await plain(
    'GET',
    `/cgi-bin/token?appid=${STABLE.appId}&grant_type=client_credential&secret=${KEYS.wrong}`,
  );
  await plain('GET', `/proxy/${STABLE.appId}/cgi-bin/getcallbackip`, undefined, KEYS.shop);
  await plain('GET', `/proxy/${STABLE.appId}/cgi-bin/token?secret=${STABLE.secret}`, undefined, KEYS.shop);
  const login = new URLSearchParams({ appid: STABLE.appId, secret: KEYS.shop, js_code: LOGIN_CODE });
  await secret(
    'session key',
    'session_key',
    'GET',
    `/sns/jscode2session?${login}&grant_type=authorization_code`,
  );
  await plain('POST', `/v1/apps/${STABLE.appId}/code2session`, { jsCode: LOGIN_CODE }, KEYS.shop);
}

async function operate({ plain, secret }: User, { platform, dataDir }: World): Promise<void> {
  const app = `/v1/apps/${ADDED.appId}`;
  const next = secrets.get('next secret') ?? '';
  await plain('PUT', app, { secret: secrets.get('wrong secret') });
  await plain('PUT', app, { secret: ADDED.secret, name: 'added', policy: { dailyBudget: 'many' } });
  await plain('PUT', app, { secret: ADDED.secret, name: 'added' });
  platform.control.setSecret(ADDED.appId, next);
  await plain('PUT', app, { secret: next });
  // For an alert: WeChat refuses the app from now on.
  await plain('PUT', `${app}?try=false`, { secret: secrets.get('wrong secret') });
  platform.control.revoke({ appId: ADDED.appId });
  await plain('POST', `${app}/access-token/rotate`, { force: true });
  const { body } = await secret('made key', 'key', 'POST', '/v1/clients', { name: 'made', apps: ['*'] });
  await secret('second key', 'key', 'POST', `/v1/clients/${body.id}/keys`);
  await plain('GET', '/v1/apps', undefined, secrets.get('made key'));
  await plain('GET', '/v1/apps', undefined, KEYS.wrong);
  await plain('POST', '/v1/clients', { name: 'x', apps: 'all', key: KEYS.shop });
  const file = join(dataDir, 'zhongkong.config.json');
  const whole = readFileSync(file, 'utf8');
  writeFileSync(file, whole.replace('"apps"', '"appps"'));
  await plain('POST', '/v1/reload');
  writeFileSync(file, whole.slice(0, -20));
  await plain('POST', '/v1/reload');
  writeFileSync(file, whole);
  await plain('POST', '/v1/reload');
  await plain('POST', '/v1/master-key/rotate');
  for (const path of [
    '/v1/apps',
    '/v1/clients',
    '/v1/servers',
    '/v1/doctor',
    '/v1/audit',
    '/metrics',
    '/openapi.json',
  ])
    await plain('GET', path);
  for (const { appId } of [STABLE, CLASSIC, EXTERNAL, ADDED]) {
    await plain('GET', `/v1/apps/${appId}`);
    await plain('GET', `/v1/apps/${appId}/history`);
  }
  await plain('GET', `/v1/nowhere?secret=${KEYS.shop}`);
}

/** What ends a server before or while it runs. @returns what it has printed */
async function endings({ options, redis }: World): Promise<string[]> {
  const broken = {
    ...options.config,
    apps: [{ ...STABLE, secret: [STABLE.secret] }],
    clients: [{ key: KEYS.shop }],
  };
  const environments = [
    { ZHONGKONG_MASTER_KEY: `${MASTER_KEY}${MASTER_KEY}` },
    { ZHONGKONG_MASTER_KEY: OLD_MASTER_KEY ?? '' },
    { REDIS_URL: `redis://zhongkong:${PASSWORD}x@${redis.url.slice('redis://'.length)}` },
    { REDIS_URL: `redis//zhongkong:${PASSWORD}@nowhere` },
    { HTTPS_PROXY: `http://user:${PASSWORD}@` },
    // What Node itself prints when a process ends by an error that nobody caught.
    {
      NODE_OPTIONS: "--import=data:text/javascript,setTimeout(()=>Promise.reject(Error('unforeseen')),3000)",
    },
  ];
  const spawn = (more: Partial<typeof options>) =>
    spawnServer({ ...options, dataDir: tempFolder(), ...more });
  const servers = [
    spawn({ config: broken as never }),
    ...environments.map((environment) => spawn({ environment: { ...options.environment, ...environment } })),
  ];
  for (const { ended } of servers) expect(await ended).not.toBe(0);
  return servers.map((server) => server.output());
}

function processArguments({ pid }: ServerProcess): string {
  return [pid, ...childrenOf(pid)].map((id) => readFileSync(`/proc/${id}/cmdline`, 'utf8')).join('\n');
}

async function backupOf({ options }: World, redis: RedisProcess): Promise<string> {
  const file = join(tempFolder(), 'backup');
  const environment = {
    ...options.environment,
    REDIS_URL: redis.url,
    DATA_DIR: options.dataDir,
    ZHONGKONG_CONFIG: join(options.dataDir, 'zhongkong.config.json'),
  };
  const { code, stderr } = await runCli(['backup', file], { environment });
  if (code !== 0) throw new Error(stderr);
  return readFileSync(file, 'utf8');
}

describe('with every feature used once, at LOG_LEVEL=trace', () => {
  it('no secret, key or token is in logs, Redis, metrics, history, audit, alerts, traces, answers, backups, crash output or process arguments', async () => {
    const world = await startWorld();
    const { redis, collector, alerts, options } = world;
    const server = spawnServer(options);
    const url = await server.ready;
    const user = userOf(url);
    await useTokens(user, url, world);
    await operate(user, world);
    await eventually('an alert', () => alerts.some((alert) => alert.includes('misconfigured')), 40_000);
    const [dump, backup, commandLine] = [
      await redis.dump(),
      await backupOf(world, redis),
      processArguments(server),
    ];
    const crashes = await endings(world);
    server.kill('SIGTERM');
    await server.ended;

    const places = {
      log: server.output(),
      Redis: dump,
      backup,
      'process arguments': commandLine,
      answers: user.answers.join('\n'),
      alerts: alerts.join('\n'),
      traces: collector.bodies.join('\n'),
      'crash output': crashes.join('\n'),
    };
    // The features were used, and the search finds what there is.
    const statuses = user.answers.map((answer) => Number(answer.split(' ')[2]));
    expect(statuses.filter((status) => status < 300).length).toBeGreaterThanOrEqual(24);
    expect(statuses.filter((status) => status >= 400).length).toBeGreaterThanOrEqual(10);
    expect(secrets.size).toBeGreaterThan(24);
    expect(secretsIn(`key=${encodeURIComponent(KEYS.admin)}`)).toEqual(['admin']);
    for (const [place, content] of Object.entries(places)) {
      expect([place, content.length > 40]).toEqual([place, true]);
      expect([place, secretsIn(content)]).toEqual([place, []]);
    }
  }, 120_000);
});
