import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { createSealer } from '@zhongkong/jobs';
import type { Sandbox } from '@zhongkong/sandbox';
import { doctorAnswer } from '@zhongkong/shared/contract';
import { examineHere } from '@zhongkong/token-server/testing';
import type { Redis } from 'ioredis';
import { type CliRun, runCli } from '../helpers/cli.js';
import { APP, OTHER_APP, startPlatform } from '../helpers/fixtures.js';
import { startForwardProxy } from '../helpers/forward-proxy.js';
import { freePort } from '../helpers/free-port.js';
import { readToken } from '../helpers/http.js';
import { type RedisProcess, startRedis } from '../helpers/redis-process.js';
import { serve } from '../helpers/serve.js';
import { storedState } from '../helpers/stored-state.js';
import { tempFolder } from '../helpers/temp-folder.js';
import { MASTER_KEY, serverEnvironment, startServer } from '../helpers/test-server.js';

const ADMIN = 'the-key-of-the-operator';
const CONFIG = {
  clients: [
    { name: 'operator', key: ADMIN, apps: ['*'], scopes: ['token:read', 'token:refresh', 'admin'] },
    { name: 'some', key: 'the-key-of-some-operator', apps: [APP.appId], scopes: ['admin'] },
    { name: 'order-service', key: 'the-key-of-the-order-service', apps: ['*'] },
  ],
};

interface Found {
  readonly code: number;
  readonly by: string;
  /** What is not ok, as `level id`, the worst first. */
  readonly wrong: readonly string[];
  what(id: string): string;
  todo(id: string): string;
  readonly ids: readonly string[];
}

function read({ code, stdout }: CliRun): Found {
  const { by, findings } = JSON.parse(stdout);
  const { findings: list } = doctorAnswer.parse({
    version: '',
    checkedAt: new Date().toISOString(),
    findings,
  });
  const one = (id: string) => list.find((finding) => finding.id === id);
  return {
    code,
    by,
    wrong: list.filter(({ level }) => level !== 'ok').map(({ level, id }) => `${level} ${id}`),
    what: (id) => `${one(id)?.what.en} ${one(id)?.what.zh}`,
    todo: (id) => `${one(id)?.todo?.en} ${one(id)?.todo?.zh}`,
    ids: list.map(({ id }) => id),
  };
}

let platform: Sandbox;
let redis: RedisProcess;
let db: Redis;
beforeAll(async () => {
  [platform, redis] = await Promise.all([startPlatform(), startRedis()]);
  db = await redis.connect();
});
afterEach(async () => {
  platform.control.reset();
  for (const [name, value] of [
    ['maxmemory-policy', 'noeviction'],
    ['maxmemory', '0'],
    ['appendonly', 'yes'],
    ['save', ''],
  ] as const)
    await db.config('SET', name, value);
  await db.call('REPLICAOF', 'NO', 'ONE');
  await db.flushall();
});

/** The environment of a server that has not been started, on the Redis of all these tests unless it says otherwise. */
function environmentOf(more: Readonly<Record<string, string>> = {}, config: object = {}) {
  return serverEnvironment({
    platform: platform.url,
    redisUrl: redis.url,
    config: { ...CONFIG, ...config },
    environment: more,
  });
}

/** Looks without a server. */
async function lookHere(environment: Record<string, string>): Promise<Found> {
  return read(
    await runCli(['doctor', '--json', '--config', environment.ZHONGKONG_CONFIG ?? ''], { environment }),
  );
}

async function lookAt(url: string, environment: Record<string, string> = {}): Promise<Found> {
  return read(await runCli(['doctor', '--json', '--url', url, '--key', ADMIN], { environment }));
}

describe('a sound installation', () => {
  it('has nothing wrong, with a server on an external Redis and before its start, and is left as it was', async () => {
    const environment = environmentOf();
    const here = await lookHere(environment);
    expect(here).toMatchObject({ code: 0, by: 'command', wrong: [] });
    expect(await db.keys('*')).toEqual([]);

    const { url } = await startServer({ platform: platform.url, redisUrl: redis.url, config: CONFIG });
    const { accessToken } = await readToken(url);
    const before = platform.control.counters(APP.appId).tokensIssued;
    const found = await lookAt(url);
    expect(found).toMatchObject({ code: 0, by: 'server', wrong: [] });
    expect(found.what('app-secret')).toContain('accepts 2 of 2 apps');
    expect(found.what('version-skew')).toContain('1 × version');
    expect(platform.control.checkToken(APP.appId, accessToken)).toBe(0);
    expect(platform.control.counters(APP.appId).tokensIssued).toEqual(before);
  });

  it('has nothing wrong with a Redis of its own, before its start and while it runs', async () => {
    const dataDir = tempFolder();
    const options = { platform: platform.url, dataDir, config: CONFIG };
    expect(await lookHere(serverEnvironment(options))).toMatchObject({ code: 0, wrong: [] });
    const { url } = await startServer(options);
    await readToken(url);
    expect(await lookAt(url)).toMatchObject({ code: 0, by: 'server', wrong: [] });
    const beside = await lookHere(serverEnvironment(options));
    expect(beside.wrong).toEqual(['bad data-folder']);
    expect(beside.what('data-folder')).toContain(String(process.pid));
  });

  it('leaves the token of a classic app alive, whose interface is not asked', async () => {
    const config = { apps: [{ ...APP, mode: 'classic' }] };
    const { accessToken } = platform.control.foreignRefresh({ appId: APP.appId, endpoint: 'token' });
    expect(await lookHere(environmentOf({}, config))).toMatchObject({ code: 0, wrong: [] });
    expect(platform.control.checkToken(APP.appId, accessToken)).toBe(0);
    const { paths } = platform.control.counters(APP.appId);
    expect(Object.keys(paths)).not.toContain('/cgi-bin/token');
  });
});

describe('Redis', () => {
  it.each<[string, string, () => Promise<unknown>]>([
    [
      'bad redis-eviction',
      'allkeys-lru',
      () =>
        db
          .config('SET', 'maxmemory-policy', 'allkeys-lru')
          .then(() => db.config('SET', 'maxmemory', '100mb')),
    ],
    ['warning redis-eviction', 'volatile-ttl', () => db.config('SET', 'maxmemory-policy', 'volatile-ttl')],
    ['warning redis-persistence', 'appendonly no', () => db.config('SET', 'appendonly', 'no')],
    [
      'bad redis-persistence',
      'holds 1 apps',
      () =>
        db
          .config('SET', 'appendonly', 'no')
          .then(() => db.hset('{zhongkong:registry}:clients', 'c1', 'not sealed')),
    ],
    ['bad redis-writable', '只读副本', () => db.call('REPLICAOF', '127.0.0.1', '9')],
  ])('%s is found when it is there (%s)', async (expected, text, spoil) => {
    await spoil();
    const found = await lookHere(environmentOf());
    const [, id = ''] = expected.split(' ');
    expect(found.wrong).toContain(expected);
    expect(found.what(id)).toContain(text);
    expect(found.code).toBe(expected.startsWith('bad') ? 1 : 0);
  });

  it('is found by a running server, too, while it has become a replica', async () => {
    const { url } = await startServer({ platform: platform.url, redisUrl: redis.url, config: CONFIG });
    await readToken(url);
    await db.call('REPLICAOF', '127.0.0.1', '9');
    expect((await lookAt(url)).wrong).toEqual(['bad redis-writable']);
  });

  it('of a user without rights says which are missing, and one that is away that nothing answers', async () => {
    await db.call('ACL', 'SETUSER', 'weak', 'on', '>the-password', '~*', '&*', '+@all', '-zadd');
    const weak = environmentOf({ REDIS_URL: redis.url.replace('//', '//weak:the-password@') });
    const found = await lookHere(weak);
    expect(found).toMatchObject({ code: 1, wrong: ['bad redis-rights'] });
    expect(found.what('redis-rights')).toContain('ZADD');
    expect(found.what('redis-rights')).not.toContain('the-password');
    const away = await lookHere(environmentOf({ REDIS_URL: `redis://127.0.0.1:${await freePort()}` }));
    expect(away).toMatchObject({ code: 1, wrong: ['bad redis-reachable'] });
  });

  it('of the server itself is missed when there is no redis-server, and found too old by its version', async () => {
    const folder = tempFolder();
    const options = { platform: platform.url, config: CONFIG };
    const missing = await lookHere({ ...serverEnvironment(options), PATH: folder });
    expect(missing.wrong).toEqual(['bad redis-reachable']);
    const script = '#!/bin/sh\necho "Redis server v=5.0.14 sha=00000000:0"\n';
    writeFileSync(join(folder, 'redis-server'), script, { mode: 0o755 });
    const old = await lookHere({ ...serverEnvironment(options), PATH: folder });
    expect(old.wrong).toEqual(['bad redis-version']);
  });
});

describe('clocks', () => {
  it('that differ from Redis and WeChat by more than 5 s are found', async () => {
    const environment = environmentOf();
    const ahead = (ms: number) =>
      examineHere({ environment, workingFolder: '/', wallMs: () => Date.now() + ms });
    const level = (findings: Awaited<ReturnType<typeof ahead>>, id: string) =>
      findings.find((one) => one.id === id)?.level;
    for (const [ms, expected] of [
      [4_000, 'ok'],
      [-8_000, 'warning'],
      [3_600_000, 'bad'],
    ] as const) {
      const findings = await ahead(ms);
      expect([ms, level(findings, 'clock-redis')]).toEqual([ms, expected]);
      expect([ms, level(findings, 'clock-wechat')]).toEqual([ms, expected]);
    }
  });

  it('of WeChat are read from its header Date', async () => {
    const url = await serve((_request, response) => {
      response.setHeader('date', new Date(Date.now() + 60_000).toUTCString());
      response.end('{"errcode":41001,"errmsg":"access_token missing"}');
    });
    const found = await lookHere(environmentOf({ WECHAT_API_BASE_URL: url }));
    expect(found.wrong).toContain('warning clock-wechat');
    expect(found.what('clock-wechat')).toMatch(/ (?:59|60|61) s behind that of WeChat/);
  });
});

describe('WeChat', () => {
  it('that is away, or is no WeChat, is found directly and through a proxy, which is named without its password', async () => {
    const nobody = `127.0.0.1:${await freePort()}`;
    const direct = await lookHere(environmentOf({ WECHAT_API_BASE_URL: `http://${nobody}` }));
    expect(direct.wrong).toEqual(['bad wechat-reachable']);
    expect(direct.what('wechat-reachable')).toMatch(/directly: the connection failed \(ECONNREFUSED\)/);
    const dead = await lookHere(environmentOf({ HTTP_PROXY: `http://user:the-password@${nobody}` }));
    expect(dead.wrong).toEqual(['bad wechat-reachable']);
    expect(dead.what('wechat-reachable')).toContain(`The proxy ${nobody} takes no connection`);
    expect(dead.what('wechat-reachable')).not.toContain('the-password');
    const proxy = await startForwardProxy();
    const through = await lookHere(environmentOf({ HTTP_PROXY: proxy.url }));
    expect(through).toMatchObject({ code: 0, wrong: [] });
    expect(through.what('wechat-reachable')).toContain('through the proxy 127.0.0.1');
    const page = await serve((_request, response) => response.end('<html>log in here</html>'));
    const found = await lookHere(environmentOf({ WECHAT_API_BASE_URL: page }));
    expect(found.what('wechat-reachable')).toContain('is not WeChat');
  });

  it('refuses a wrong secret, and an address that is on no whitelist, which is printed with the place to enter it', async () => {
    const { url } = await startServer({ platform: platform.url, redisUrl: redis.url, config: CONFIG });
    await readToken(url);
    platform.control.setSecret(APP.appId, 'another-secret-since-this-morning');
    platform.control.setWhitelist(OTHER_APP.appId, ['8.8.8.8']);
    platform.control.setCallerAddress('2001:db8::7');
    const found = await lookAt(url);
    expect(found).toMatchObject({ code: 1, by: 'server' });
    expect(found.wrong).toEqual(['bad app-secret', 'bad whitelist', 'warning ip-family']);
    expect(found.what('app-secret')).toMatch(/40125 .*wx0123456789abcdef/);
    expect(found.what('whitelist')).toMatch(/^2001:db8::7 is not on .*wxfedcba9876543210/);
    expect(found.todo('whitelist')).toMatch(/Enter 2001:db8::7 at mp\.weixin\.qq\.com.*IP白名单/);
    expect(found.what('ip-family')).toContain('2001:db8::7');
  });

  it('is asked by somebody else, and the budget is nearly used: both are found with and without a server', async () => {
    const config = { apps: [{ ...APP, mode: 'classic', policy: { dailyBudget: 10 } }] };
    const options = { platform: platform.url, redisUrl: redis.url, config: { ...CONFIG, ...config } };
    const sealer = createSealer(Buffer.from(MASTER_KEY, 'base64'));
    const first = await startServer(options);
    await readToken(first.url);
    await first.stop();
    const state = storedState(db, sealer, APP.appId);
    const { usage } = await state.read();
    const now = Date.now();
    await state.change({ earlyDeathsAtMs: [now - 7_200_000, now - 60_000], usage: { ...usage, fetches: 9 } });
    const here = await lookHere(environmentOf({}, config));
    expect(here.wrong).toEqual(['bad conflict', 'warning budget']);
    expect(here.what('budget')).toContain('fetches 9/10');
    const { url } = await startServer(options);
    expect((await lookAt(url)).wrong).toEqual(['bad conflict', 'warning budget']);
  });
});

describe('what is stored', () => {
  it('under an unknown master key is counted and named, and so are servers of another version', async () => {
    const { url } = await startServer({ platform: platform.url, redisUrl: redis.url, config: CONFIG });
    await readToken(url);
    const foreign = createSealer(Buffer.alloc(32, 9));
    const sealed = foreign.seal('{}', 'registry/apps/wx00000000000000aa');
    await db.hset('{zhongkong:registry}:apps', 'wx00000000000000aa', sealed);
    const [own] = Object.values(await db.hgetall('zhongkong:servers'));
    const other = { ...JSON.parse(own ?? '{}'), id: 'other', version: '0.0.9', url: 'http://other:7200' };
    await db.hset('zhongkong:servers', 'other', JSON.stringify(other));
    for (const found of [await lookAt(url), await lookHere(environmentOf({ PORT: '0' }))]) {
      expect(found.wrong).toEqual(['bad unreadable-state', 'warning version-skew']);
      expect(found.what('unreadable-state')).toMatch(/1 sealed under .*apps\/wx00000000000000aa/);
      expect(found.what('unreadable-state')).toContain(foreign.keyIds[0]);
      expect(found.what('version-skew')).toContain('version 0.0.9 (http://other:7200)');
    }
    const key = Buffer.alloc(32, 9).toString('base64');
    expect((await lookHere(environmentOf({ ZHONGKONG_MASTER_KEY: key }))).wrong).toContain('bad master-key');
  });
});

describe('this machine', () => {
  it('has files with secrets that others may read or change', async () => {
    const dataDir = tempFolder();
    const options = { platform: platform.url, dataDir, config: CONFIG };
    const environment = serverEnvironment(options);
    const { url } = await startServer(options);
    await readToken(url);
    chmodSync(environment.ZHONGKONG_CONFIG ?? '', 0o644);
    expect((await lookAt(url)).wrong).toEqual(['warning file-modes']);
    chmodSync(join(dataDir, 'master.key'), 0o640 | 0o004);
    const found = await lookHere(environment);
    expect(found.wrong).toEqual(['bad file-modes', 'bad data-folder']);
    expect(found.todo('file-modes')).toContain(
      `chmod 600 ${environment.ZHONGKONG_CONFIG} ${dataDir}/master.key`,
    );
  });

  it('has a wrong configuration, a port that is taken, an address of elsewhere, and data without their key', async () => {
    const wrong = environmentOf({ PORT: 'many' }, { apps: [{ appId: 'wx', secret: 's', mode: 'odd' }] });
    const found = await lookHere(wrong);
    expect(found).toMatchObject({ code: 1, wrong: ['bad configuration'] });
    expect(found.what('configuration')).toMatch(/PORT .*apps\[0\]\.mode/);
    const taken = new URL(await serve((_request, response) => response.end('something else')));
    expect((await lookHere(environmentOf({ PORT: taken.port }))).wrong).toEqual(['bad port']);
    expect((await lookHere(environmentOf({ HOST: '192.0.2.1' }))).wrong).toEqual(['bad port']);
    const { url } = await startServer({ platform: platform.url, redisUrl: redis.url, config: CONFIG });
    await readToken(url);
    expect((await lookHere(environmentOf({ PORT: new URL(url).port }))).wrong).toEqual(['warning port']);
    const dataDir = tempFolder();
    mkdirSync(join(dataDir, 'redis'));
    writeFileSync(join(dataDir, 'redis', 'something'), '');
    const lost = await lookHere(serverEnvironment({ platform: platform.url, dataDir, config: CONFIG }));
    expect(lost.wrong).toEqual(['bad data-folder']);
  });
});

describe('the command', () => {
  it('takes itself for the server where none answers, and fails where the address is another machine', async () => {
    const environment = environmentOf({ ZHONGKONG_URL: `http://127.0.0.1:${await freePort()}` });
    const run = await runCli(['doctor'], { environment });
    expect(run).toMatchObject({ code: 0, stderr: expect.stringContaining('No server runs here') });
    expect(run.stdout).toMatch(/^LEVEL\tCHECK\tWHAT\tWHY\tDO\nok\tconfiguration\t/);
    const far = await runCli(['doctor', '--url', 'http://no-such-host.invalid'], { environment });
    expect(far).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('no host') });
    const both = await runCli(['doctor', '--url', 'http://127.0.0.1:1', '--config', 'x'], { environment });
    expect(both.code).toBe(2);
  });

  it('says on a terminal what, why and what to do, in the language of the user, for keys of all apps only', async () => {
    const { url } = await startServer({ platform: platform.url, redisUrl: redis.url, config: CONFIG });
    await readToken(url);
    platform.control.setWhitelist(APP.appId, ['8.8.8.8']);
    platform.control.setCallerAddress('203.0.113.9');
    const args = ['doctor', '--url', url, '--key', ADMIN];
    const run = await runCli(args, { environment: { LANG: 'zh_CN.UTF-8', NO_COLOR: '1' }, terminal: 120 });
    expect(run.code).toBe(1);
    expect(run.stdout).toMatch(
      /^BAD IP 白名单 \(whitelist\)\n {2}情况 +203\.0\.113\.9 不在.*\n {2}影响 .*\n {2}处理 /,
    );
    expect(run.stderr).toContain('looks at Redis and WeChat');
    const some = ['doctor', '--url', url, '--key', 'the-key-of-some-operator'];
    expect(await runCli(some)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('key for all apps'),
    });
  });
});
