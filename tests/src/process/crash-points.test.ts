import { beforeAll, describe, expect, it } from '@jest/globals';
import { createSealer } from '@zhongkong/jobs';
import type { Sandbox } from '@zhongkong/sandbox';
import { eventually } from '../helpers/eventually.js';
import { APP, startPlatform } from '../helpers/fixtures.js';
import { readToken } from '../helpers/http.js';
import { type RedisProcess, startRedis } from '../helpers/redis-process.js';
import { type Moment, startRedisRelay } from '../helpers/redis-relay.js';
import { type ServerProcess, spawnServer } from '../helpers/server-process.js';
import { storedState } from '../helpers/stored-state.js';
import { MASTER_KEY } from '../helpers/test-server.js';

const config = { apps: [{ ...APP, mode: 'classic' }] };

let redis: RedisProcess;
let platform: Sandbox;

beforeAll(async () => {
  [redis, platform] = await Promise.all([startRedis(), startPlatform()]);
  const server = start();
  await readToken(await server.ready);
  await stop(server);
});

const start = (redisUrl = redis.url) => spawnServer({ platform: platform.url, redisUrl, config });

/** Kills it, and lets its lease end at once; that leases end by themselves is held by the test of several servers. */
async function crash(server: ServerProcess): Promise<void> {
  server.kill('SIGKILL');
  await server.ended;
  const connection = await redis.connect();
  for (const key of await connection.keys('*:lease')) await connection.del(key);
  connection.disconnect();
}

async function stop(server: ServerProcess): Promise<void> {
  server.kill('SIGTERM');
  await server.ended;
}
const fetched = () => platform.control.counters(APP.appId).tokensIssued.token;

/** Makes the refresh of the token in Redis due; no server runs. @returns how many tokens were fetched so far */
async function makeDue(): Promise<number> {
  const connection = await redis.connect();
  const sealer = createSealer(Buffer.from(MASTER_KEY, 'base64'));
  await storedState(connection, sealer, APP.appId).change({ refreshAtMs: 0 });
  connection.disconnect();
  return fetched();
}

/** The next server gives out WeChat's latest token, soon, and no report is needed. */
async function expectHealed(): Promise<void> {
  const server = start();
  const url = await server.ready;
  await eventually('the latest token', async () => {
    const { accessToken } = await readToken(url);
    return accessToken === platform.control.currentTokens(APP.appId).token?.accessToken;
  });
  expect(platform.control.checkToken(APP.appId, (await readToken(url)).accessToken)).toBe(0);
  await stop(server);
}

describe('a server that is killed in the middle of a refresh leaves no token behind that nobody knows', () => {
  const moments: Moment[] = [
    { script: 'open', nth: 1, when: 'before' },
    { script: 'open', nth: 1, when: 'after' },
    // The first save writes the attempt down, the second is the commit.
    { script: 'save', nth: 1, when: 'before' },
    { script: 'save', nth: 1, when: 'after' },
    { script: 'save', nth: 2, when: 'before' },
    { script: 'save', nth: 2, when: 'after' },
    { script: 'release', nth: 1, when: 'before' },
    { script: 'release', nth: 1, when: 'after' },
  ];
  it.each(moments)('killed $when $script $nth', async (moment) => {
    const before = await makeDue();
    const relay = await startRedisRelay(redis.url);
    const reached = relay.holdAt(moment);
    const server = start(relay.url);
    await reached;
    await crash(server);
    await expectHealed();
    expect(fetched() - before).toBeLessThanOrEqual(2);
  });

  it.each([
    [
      'while WeChat has the request and has not looked at it',
      { kind: 'hang', path: '/cgi-bin/token' } as const,
    ],
    [
      'when WeChat has issued the token and the answer is on its way',
      { kind: 'late', delayMs: 60_000, path: '/cgi-bin/token' } as const,
    ],
  ])('killed %s', async (_name, fault) => {
    await makeDue();
    const asked = platform.control.calls({ path: '/cgi-bin/token' }).length;
    platform.control.addFault(fault);
    const server = start();
    await eventually('the request', () => platform.control.calls({ path: '/cgi-bin/token' }).length > asked);
    await crash(server);
    await expectHealed();
  });
});
