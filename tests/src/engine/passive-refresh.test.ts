import { describe, expect, it } from '@jest/globals';
import { APP, REPORTER, startPlatform } from '../helpers/fixtures.js';
import { startRedis } from '../helpers/redis-process.js';
import { startEngine, tokenOf } from '../helpers/test-engine.js';

describe.each(['stable', 'classic'] as const)('passive refresh in %s mode', (mode) => {
  async function start() {
    const [redis, platform] = await Promise.all([startRedis(), startPlatform()]);
    const engine = await startEngine({ redis, platform: platform.url, policy: { mode } });
    const first = await tokenOf(engine).awaitLive(5_000);
    if (first === null) throw new Error('no token');
    const issued = () => {
      const { token, stable } = platform.control.counters(APP.appId).tokensIssued;
      return token + stable;
    };
    return { platform, engine, first, issued };
  }

  it('500 reports of one dead token at once cost one fetch, and all get the same new token', async () => {
    const { platform, engine, first, issued } = await start();
    platform.control.revoke({ appId: APP.appId });
    const results = await Promise.all(
      Array.from({ length: 500 }, () =>
        tokenOf(engine).report({ ...REPORTER, stale: { version: first.version } }),
      ),
    );
    expect(issued()).toBe(2);
    expect(new Set(results.map(({ record }) => record?.value)).size).toBe(1);
    expect(
      results.every(({ verdict, record }) => verdict.is === 'refreshed' && record?.value !== first.value),
    ).toBe(true);
    expect(platform.control.checkToken(APP.appId, results[0]?.record?.value ?? '')).toBe(0);
  });

  it('300 reports of a token that is alive cost no fetch and a handful of checks', async () => {
    const { platform, engine, first, issued } = await start();
    const results = await Promise.all(
      Array.from({ length: 300 }, () =>
        tokenOf(engine).report({ ...REPORTER, stale: { value: first.value } }),
      ),
    );
    expect(results.every(({ verdict }) => verdict.is === 'still-valid')).toBe(true);
    expect(issued()).toBe(1);
    expect(platform.control.counters(APP.appId).verifications).toBeLessThanOrEqual(3);
  });
});
