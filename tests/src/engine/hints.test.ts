import { describe, expect, it } from '@jest/globals';
import { APP, startPlatform } from '../helpers/fixtures.js';
import { manualClock } from '../helpers/manual-clock.js';
import { startRedis } from '../helpers/redis-process.js';
import { startEngine } from '../helpers/test-engine.js';

async function start() {
  const clock = manualClock();
  const [redis, platform] = await Promise.all([startRedis(), startPlatform({ clock })]);
  const engine = await startEngine({ redis, platform: platform.url, clock, policy: { mode: 'classic' } });
  const first = await engine.awaitLive(APP.appId, 5_000);
  if (first === null) throw new Error('no token');
  const hint = () => {
    const version = engine.state(APP.appId)?.record?.version ?? 0;
    return engine.report(APP.appId, { version }, { client: 'some sdk', isHint: true });
  };
  return { clock, platform, engine, first, hint };
}

describe('hints that the token is dead', () => {
  it('a hundred at once, of a token that is alive, cost one check; and a day of them a few hundred', async () => {
    const { clock, platform, hint } = await start();
    await Promise.all(Array.from({ length: 100 }, hint));
    expect(platform.control.counters(APP.appId).verifications).toBe(1);
    for (let minute = 0; minute < 30; minute += 1) {
      clock.pass(57);
      expect((await hint()).refreshed).toBe(false);
    }
    expect(platform.control.counters(APP.appId).verifications).toBeLessThanOrEqual(30);
    expect(platform.control.counters(APP.appId).tokensIssued.token).toBe(1);
  });

  it('a thousand at once, of a token that is dead, cost one fetch, and all get the new token', async () => {
    const { platform, first, hint } = await start();
    platform.control.revoke({ appId: APP.appId });
    const results = await Promise.all(Array.from({ length: 1_000 }, hint));
    expect(new Set(results.map(({ record }) => record?.value)).size).toBe(1);
    expect(results[0]?.record?.value).not.toBe(first.value);
    expect(platform.control.counters(APP.appId).tokensIssued.token).toBe(2);
  });
});
