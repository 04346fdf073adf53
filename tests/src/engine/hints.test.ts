import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { type Clock, systemClock } from '@zhongkong/shared';
import { APP, REPORTER, startPlatform } from '../helpers/fixtures.js';
import { manualClock } from '../helpers/manual-clock.js';
import { startRedis } from '../helpers/redis-process.js';
import { startEngine, tokenOf } from '../helpers/test-engine.js';

async function start<Time extends Clock>(clock: Time) {
  const [redis, platform] = await Promise.all([startRedis(), startPlatform({ clock })]);
  const engine = await startEngine({ redis, platform: platform.url, clock, policy: { mode: 'classic' } });
  const first = await tokenOf(engine).awaitLive(5_000);
  if (first === null) throw new Error('no token');
  const hint = () => {
    const version = tokenOf(engine).state().record?.version ?? 0;
    return tokenOf(engine).report({ client: 'some sdk', isHint: true, stale: { version } });
  };
  return { clock, platform, engine, first, hint };
}

describe('hints that the token is dead', () => {
  it('a hundred at once, of a token that is alive, cost one check', async () => {
    const { platform, hint } = await start(manualClock());
    await Promise.all(Array.from({ length: 100 }, hint));
    expect(platform.control.counters(APP.appId).verifications).toBe(1);
    expect(platform.control.counters(APP.appId).tokensIssued.token).toBe(1);
  });

  it('twenty in a row do not hide the death of the token from the next one', async () => {
    const { clock, platform, first, hint } = await start(manualClock());
    for (let hints = 0; hints < 20; hints += 1) {
      expect((await hint()).verdict.is).toBe('still-valid');
      clock.pass(2);
    }
    platform.control.revoke({ appId: APP.appId });
    const { verdict, record } = await hint();
    expect(verdict.is).toBe('refreshed');
    expect(record?.value).not.toBe(first.value);
  });

  it('a thousand at once, of a token that is dead, cost one fetch, and all get the new token', async () => {
    const { platform, first, hint } = await start(manualClock());
    platform.control.revoke({ appId: APP.appId });
    const results = await Promise.all(Array.from({ length: 1_000 }, hint));
    expect(new Set(results.map(({ record }) => record?.value)).size).toBe(1);
    expect(results[0]?.record?.value).not.toBe(first.value);
    expect(platform.control.counters(APP.appId).tokensIssued.token).toBe(2);
  });
});

describe('a report that comes while a hint waits for its check', () => {
  it('is not kept waiting with it', async () => {
    const { engine, first, hint } = await start(systemClock);
    // A second hint waits for the next check.
    await hint();
    const waiting = hint();
    await sleep(20);
    const report = await tokenOf(engine).report({ ...REPORTER, stale: { version: first.version } });
    expect(report.verdict).toEqual({ is: 'still-valid' });
    await waiting;
  });
});
