import { describe, expect, it } from '@jest/globals';
import type { Sandbox } from '@zhongkong/sandbox';
import { eventually } from '../helpers/eventually.js';
import { APP, startPlatform } from '../helpers/fixtures.js';
import { readToken } from '../helpers/http.js';
import { type RedisProcess, startRedis } from '../helpers/redis-process.js';
import { type Moment, startRedisRelay } from '../helpers/redis-relay.js';
import { spawnServer } from '../helpers/server-process.js';

const config = { apps: [{ ...APP, mode: 'classic' }] };

/** A token in Redis whose refresh is due, and no server. */
async function dueToken(): Promise<{ redis: RedisProcess; platform: Sandbox; token: string }> {
  const [redis, platform] = await Promise.all([startRedis(), startPlatform()]);
  const server = spawnServer({ platform: platform.url, redisUrl: redis.url, config });
  const { accessToken: token } = await readToken(await server.ready);
  server.kill('SIGTERM');
  await server.ended;
  const connection = await redis.connect();
  const [key = ''] = await connection.keys('*:data');
  const state = JSON.parse((await connection.hget(key, 'state')) ?? '{}');
  await connection.hset(key, 'state', JSON.stringify({ ...state, refreshAtMs: 0 }));
  return { redis, platform, token };
}

/** The next server gives out the platform's latest token, soon and without being told that anything is wrong. */
async function expectHealed(redis: RedisProcess, platform: Sandbox): Promise<void> {
  const server = spawnServer({ platform: platform.url, redisUrl: redis.url, config });
  const url = await server.ready;
  await eventually('the latest token', async () => {
    const { accessToken } = await readToken(url);
    return accessToken === platform.control.currentTokens(APP.appId).token?.accessToken;
  });
  expect(platform.control.checkToken(APP.appId, (await readToken(url)).accessToken)).toBe(0);
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
    const { redis, platform } = await dueToken();
    const relay = await startRedisRelay(redis.url);
    const reached = relay.holdAt(moment);
    const server = spawnServer({ platform: platform.url, redisUrl: relay.url, config });
    await reached;
    server.kill('SIGKILL');
    await server.ended;
    await expectHealed(redis, platform);
    expect(platform.control.counters(APP.appId).tokensIssued.token).toBeLessThanOrEqual(3);
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
    const { redis, platform } = await dueToken();
    const asked = platform.control.calls({ path: '/cgi-bin/token' }).length;
    platform.control.addFault(fault);
    const server = spawnServer({ platform: platform.url, redisUrl: redis.url, config });
    await eventually('the request', () => platform.control.calls({ path: '/cgi-bin/token' }).length > asked);
    server.kill('SIGKILL');
    await server.ended;
    await expectHealed(redis, platform);
  });
});
