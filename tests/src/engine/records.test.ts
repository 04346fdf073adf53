import { describe, expect, it } from '@jest/globals';
import { APP, REPORTER, startPlatform } from '../helpers/fixtures.js';
import { startRedis } from '../helpers/redis-process.js';
import { startEngine, tokenOf } from '../helpers/test-engine.js';

async function start(warn: (fields: object, message: string) => void = () => {}) {
  const [redis, platform] = await Promise.all([startRedis(), startPlatform()]);
  const nothing = () => {};
  const engine = await startEngine({
    redis,
    platform: platform.url,
    policy: { mode: 'classic', dailyBudget: 5, passiveCooldownMs: 0 },
    log: { debug: nothing, info: nothing, warn, error: nothing },
  });
  await tokenOf(engine).awaitLive(5_000);
  const version = () => tokenOf(engine).state().record?.version ?? 0;
  return { redis, platform, engine, version };
}

describe('what the status says of an app', () => {
  it('is a warning in the log, once, before a budget of the day is used up', async () => {
    const warnings: object[] = [];
    const { platform, engine, version } = await start((fields, message) => {
      if (message === 'a budget of the day is almost used up') warnings.push(fields);
    });
    for (let fetches = 2; fetches <= 4; fetches += 1) {
      expect(warnings).toEqual([]);
      platform.control.revoke({ appId: APP.appId });
      expect((await tokenOf(engine).report({ ...REPORTER, stale: { version: version() } })).verdict.is).toBe(
        'refreshed',
      );
    }
    platform.control.revoke({ appId: APP.appId });
    await tokenOf(engine).report({ ...REPORTER, stale: { version: version() } });
    expect(warnings).toMatchObject([{ appId: APP.appId, budget: 'fetches', used: 4, limit: 5 }]);
  });

  it('is a history in which a report comes after the fetch that it led to, also within one millisecond', async () => {
    const { redis, engine } = await start();
    const commands = await redis.connect();
    for (const what of ['report', 'refresh']) {
      const stream = what === 'report' ? 'reports' : 'refreshes';
      const key = `zhongkong:{${APP.appId}}:access-token:${stream}`;
      await commands.xadd(key, '9999999999999-0', 'entry', JSON.stringify({ what, outcome: 'x', tookMs: 1 }));
    }
    const [first, second] = await tokenOf(engine).history(2);
    expect([first?.what, second?.what]).toEqual(['report', 'refresh']);
  });

  it('is a history that holds the last thousand or so, and no more, however many reports come', async () => {
    const { redis, engine, version } = await start();
    const reports = Array.from({ length: 1_500 }, () =>
      tokenOf(engine).report({ ...REPORTER, stale: { version: version() - 1 } }),
    );
    await Promise.all(reports);
    const length = await (await redis.connect()).xlen(`zhongkong:{${APP.appId}}:access-token:reports`);
    expect(length).toBeGreaterThanOrEqual(1_000);
    expect(length).toBeLessThan(1_200);
  });
});
