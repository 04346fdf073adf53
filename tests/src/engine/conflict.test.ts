import { describe, expect, it } from '@jest/globals';
import { conflictTimes } from '@zhongkong/jobs';
import { APP, REPORTER, startPlatform } from '../helpers/fixtures.js';
import { manualClock } from '../helpers/manual-clock.js';
import { startRedis } from '../helpers/redis-process.js';
import { startEngine, tokenOf } from '../helpers/test-engine.js';

const MINUTE = 60;

describe('somebody else who fetches tokens of the same app', () => {
  it('is noticed by the second token that dies before its time, and each time it is healed', async () => {
    const clock = manualClock();
    const [redis, platform] = await Promise.all([startRedis(), startPlatform({ clock })]);
    const engine = await startEngine({ redis, platform: platform.url, policy: { mode: 'classic' }, clock });
    await tokenOf(engine).awaitLive(5_000);
    const seen: number[] = [];

    // A test environment that fetches with the same appid every ten minutes, as people have them.
    for (let visit = 1; visit <= 4; visit += 1) {
      platform.control.foreignRefresh({ appId: APP.appId, endpoint: 'token' });
      clock.pass(6 * MINUTE);
      const token = tokenOf(engine).state().record;
      expect(platform.control.checkToken(APP.appId, token?.value ?? '')).toBe(40001);
      const healed = await tokenOf(engine).report({ ...REPORTER, stale: { version: token?.version ?? 0 } });
      expect(healed.verdict.is).toBe('refreshed');
      expect(platform.control.checkToken(APP.appId, healed.record?.value ?? '')).toBe(0);
      seen.push(clock.nowMs());
      const state = tokenOf(engine).state();
      expect(state && conflictTimes(state, clock.nowMs())).toEqual(visit < 2 ? [] : seen);
      clock.pass(4 * MINUTE);
    }
  });

  it('is not suspected when it was our own lost fetch that ended the token', async () => {
    const clock = manualClock();
    const lifetimes = { overlapSeconds: 0 };
    const [redis, platform] = await Promise.all([startRedis(), startPlatform({ clock, lifetimes })]);
    const engine = await startEngine({ redis, platform: platform.url, policy: { mode: 'classic' }, clock });
    const first = await tokenOf(engine).awaitLive(5_000);
    // The scheduled refresh is made, and its answer lost, twice.
    platform.control.addFault({ kind: 'lost', path: '/cgi-bin/token', times: 2 });
    clock.pass(6_400);
    await tokenOf(engine)
      .report({ ...REPORTER, stale: { version: first?.version ?? 0 } })
      .catch(() => {});
    clock.pass(10);
    await tokenOf(engine)
      .report({ ...REPORTER, stale: { version: first?.version ?? 0 } })
      .catch(() => {});
    const state = tokenOf(engine).state();
    expect(state?.earlyDeathsAtMs.length).toBeLessThan(2);
    expect(state && conflictTimes(state, clock.nowMs())).toEqual([]);
  });
});
