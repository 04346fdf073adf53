import { describe, expect, it } from '@jest/globals';
import type { FaultOptions } from '@zhongkong/sandbox';
import { APP, REPORTER, startPlatform } from '../helpers/fixtures.js';
import { manualClock } from '../helpers/manual-clock.js';
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

  /** Two servers whose clock is moved by the test. */
  async function startWithClock() {
    const clock = manualClock();
    const [redis, platform] = await Promise.all([startRedis(), startPlatform({ clock })]);
    const options = { redis, platform: platform.url, policy: { mode }, clock };
    const [token, other] = [tokenOf(await startEngine(options)), tokenOf(await startEngine(options))];
    await Promise.all([token.awaitLive(5_000), other.awaitLive(5_000)]);
    return { clock, platform, token, other };
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

  it('a token that is killed five times, 3 s apart, is healed each time before the next call', async () => {
    const { clock, platform, token } = await startWithClock();
    for (let kills = 0; kills < 5; kills += 1) {
      platform.control.revoke({ appId: APP.appId });
      const dead = token.live()?.value ?? '';
      const calls = Array.from({ length: 50 }, () => token.report({ ...REPORTER, stale: { value: dead } }));
      for (const { verdict, record } of await Promise.all(calls)) {
        expect(verdict.is).toBe('refreshed');
        expect(platform.control.checkToken(APP.appId, record?.value ?? '')).toBe(0);
      }
      clock.pass(3);
    }
    expect(platform.control.counters(APP.appId).forced).toBe(0);
  });

  it.each<FaultOptions>([
    { kind: 'lost' },
    { kind: 'reset' },
    { kind: 'status' },
    { kind: 'errcode', errcode: -1 },
  ])('a report and a read wait for the next try when a fetch fails by %j', async (fault) => {
    const { platform, engine, first } = await start();
    const path = mode === 'stable' ? '/cgi-bin/stable_token' : '/cgi-bin/token';
    platform.control.revoke({ appId: APP.appId });
    platform.control.addFault({ ...fault, path, times: 1 });
    const report = tokenOf(engine).report({ ...REPORTER, stale: { version: first.version } });
    const { verdict, record } = await report;
    expect(verdict.is).toBe('refreshed');
    expect(platform.control.checkToken(APP.appId, record?.value ?? '')).toBe(0);
  });

  it('a report waits for the next check when one fails on the way', async () => {
    const { platform, engine, first } = await start();
    platform.control.addFault({ kind: 'reset', path: '/cgi-bin/get_api_domain_ip', times: 1 });
    const { verdict } = await tokenOf(engine).report({ ...REPORTER, stale: { version: first.version } });
    expect(verdict.is).toBe('still-valid');
  });

  it('a token that was not seen alive for a minute is checked once for all who ask, on all servers', async () => {
    const { clock, platform, token, other } = await startWithClock();
    const ensure = () => Promise.all([token, other].map((one) => one.ensureSeenAlive(60_000, 'some sdk')));
    const checks = () => platform.control.counters(APP.appId).verifications;
    await ensure();
    expect(checks()).toBe(0);
    clock.pass(61);
    await Promise.all(Array.from({ length: 50 }, ensure));
    expect(checks()).toBe(1);
    clock.pass(30);
    await ensure();
    expect(checks()).toBe(1);
    platform.control.revoke({ appId: APP.appId });
    clock.pass(31);
    for (const { record } of await ensure())
      expect(platform.control.checkToken(APP.appId, record?.value ?? '')).toBe(0);
  });
});
