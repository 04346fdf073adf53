import { describe, expect, it } from '@jest/globals';
import { createKeys, createSealer, DATA_FORMAT } from '@zhongkong/jobs';
import { accessTokenOf } from '@zhongkong/jobs/testing';
import { APP, startPlatform } from '../helpers/fixtures.js';
import { readToken, reportToken } from '../helpers/http.js';
import { startRedis } from '../helpers/redis-process.js';
import { MASTER_KEY, startServer } from '../helpers/test-server.js';

const keys = createKeys('zhongkong', 0);
const id = accessTokenOf(APP.appId);
const NEWER = JSON.stringify({
  format: DATA_FORMAT + 1,
  sealed: 'something that only a newer version reads',
});

async function startBoth(mode = 'stable') {
  const [redis, platform] = await Promise.all([startRedis(), startPlatform()]);
  const config = { apps: [{ ...APP, mode }] };
  const start = () => startServer({ platform: platform.url, redisUrl: redis.url, config });
  return { redis, platform, start, connection: await redis.connect() };
}

describe('a server on the data of another version', () => {
  it('does not start on that of a newer one, says so in a sentence, and changes nothing', async () => {
    const { redis, start, connection } = await startBoth();
    await connection.set(keys.format, DATA_FORMAT + 1);
    await connection.hset(keys.data(id), 'state', NEWER);
    const stored = async () => (await redis.dump()).split('\n').sort();
    const before = await stored();
    await expect(start()).rejects.toThrow(
      `Redis cannot be used, since the data was written by a newer version of Zhongkong (format ${DATA_FORMAT + 1}, and this version reads ${DATA_FORMAT} at most): start that version or a later one`,
    );
    expect(await stored()).toEqual(before);
  });

  it.each(['stable', 'classic'])(
    'that runs while a newer one stores, works on as without Redis, and overwrites nothing (%s)',
    async (mode) => {
      const { platform, start, connection } = await startBoth(mode);
      const server = await start();
      const { version, ...token } = await readToken(server.url);
      await connection.hset(keys.data(id), 'state', NEWER);
      platform.control.revoke({ appId: APP.appId });
      const report = reportToken(server.url, { staleVersion: version });
      // In stable mode any number of servers may fetch on their own; see ADR 7.
      if (mode === 'stable') expect((await report).version).toBeGreaterThan(version);
      else await expect(report).rejects.toThrow('HTTP 503');
      if (mode === 'classic') expect((await readToken(server.url)).accessToken).toBe(token.accessToken);
      expect(await connection.hget(keys.data(id), 'state')).toBe(NEWER);
      expect(await connection.exists(keys.lease(id))).toBe(0);
    },
  );

  it('migrates that of version 0.1.0, whose tokens go on', async () => {
    const { platform, start, connection } = await startBoth();
    const { accessToken, expiresIn } = platform.control.foreignRefresh({
      appId: APP.appId,
      endpoint: 'stable_token',
    });
    const nowMs = Date.now();
    const value = createSealer(Buffer.from(MASTER_KEY, 'base64')).seal(
      accessToken,
      `${APP.appId}/access-token/value`,
    );
    const record = { value, version: 1_700_000_000, obtainedAtMs: nowMs, lifeMs: expiresIn * 1_000 };
    const state = {
      format: 1,
      revision: 3,
      versionFloor: record.version,
      record: { ...record, expiresAtMs: nowMs + record.lifeMs },
      refreshAtMs: nowMs + 3_600_000,
    };
    await connection.hset(keys.data(id), 'state', JSON.stringify(state));
    const server = await start();
    expect(await readToken(server.url)).toMatchObject({ accessToken, version: record.version });
    expect(await connection.get(keys.format)).toBe(String(DATA_FORMAT));
    platform.control.revoke({ appId: APP.appId });
    await reportToken(server.url, { staleVersion: record.version });
    expect(JSON.parse((await connection.hget(keys.data(id), 'state')) ?? '')).toMatchObject({
      format: DATA_FORMAT,
    });
  });
});
