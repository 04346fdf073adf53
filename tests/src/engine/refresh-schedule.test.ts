import { describe, expect, it } from '@jest/globals';
import type { RefreshEngine } from '@zhongkong/jobs';
import type { FaultOptions } from '@zhongkong/sandbox';
import type { Redis } from 'ioredis';
import { eventually } from '../helpers/eventually.js';
import { APP, REPORTER, startPlatform } from '../helpers/fixtures.js';
import { manualClock } from '../helpers/manual-clock.js';
import { startRedis } from '../helpers/redis-process.js';
import { startEngine, tokenOf } from '../helpers/test-engine.js';

const DAY_SECONDS = 86_400;
const STEP_SECONDS = 30;

/** As a Redis that lost its last writes would. The sweep's own jobs begin with `repeat:`. */
async function loseThePlannedJob(connection: Redis): Promise<void> {
  const planned = await eventually('the planned job', async () => {
    const [key = ''] = await connection.keys('*:delayed');
    const jobs = (await connection.zrange(key, 0, -1)).filter((job) => !job.startsWith('repeat:'));
    return jobs.length > 0 && { key, jobs };
  });
  expect(await connection.zrem(planned.key, ...planned.jobs)).toBe(1);
}

describe('scheduled refresh', () => {
  it('serves a living token at every moment of a day in stable mode, and forces nothing', async () => {
    const clock = manualClock();
    const [redis, platform] = await Promise.all([startRedis(), startPlatform({ clock })]);
    const policy = { mode: 'stable', sweepMs: 20 } as const;
    const engine = await startEngine({ redis, platform: platform.url, policy, clock });
    await tokenOf(engine).awaitLive(5_000);

    for (let passed = 0; passed < DAY_SECONDS; passed += STEP_SECONDS) {
      clock.pass(STEP_SECONDS);
      // At every moment: also before the engine had the time to notice that a refresh is due.
      expect(platform.control.checkToken(APP.appId, tokenOf(engine).state().record?.value ?? '')).toBe(0);
      await eventually(
        'what is due is done',
        () => (tokenOf(engine).state().refreshAtMs ?? 0) > clock.nowMs(),
      );
    }

    const { tokensIssued, forced, calls } = platform.control.counters(APP.appId);
    expect(forced).toBe(0);
    expect(tokensIssued).toEqual({ token: 0, stable: 13 });
    expect(calls['/cgi-bin/stable_token']).toBe(13);
  });

  it('replaces 6-second classic tokens in time, one fetch each, by delayed jobs', async () => {
    const lifetimes = { tokenSeconds: 6, overlapSeconds: 2 };
    const [redis, platform] = await Promise.all([startRedis(), startPlatform({ lifetimes })]);
    const engine = await startEngine({ redis, platform: platform.url, policy: { mode: 'classic' } });
    const first = await tokenOf(engine).awaitLive(5_000);
    const second = await eventually('the second token', () => {
      const record = tokenOf(engine).state().record;
      return record?.version !== first?.version && record;
    });
    const leftMs = (first?.expiresAtMs ?? 0) - second.obtainedAtMs;
    expect(leftMs).toBeGreaterThan(0);
    expect(leftMs).toBeLessThanOrEqual(1_500);
    expect(platform.control.counters(APP.appId).tokensIssued.token).toBe(2);
  });

  it('is mended by the sweep when its job was lost', async () => {
    const clock = manualClock();
    const [redis, platform] = await Promise.all([startRedis(), startPlatform({ clock })]);
    const policy = { mode: 'classic', sweepMs: 50 } as const;
    const engine = await startEngine({ redis, platform: platform.url, policy, clock });
    const first = await tokenOf(engine).awaitLive(5_000);
    await loseThePlannedJob(await redis.connect());
    clock.pass(6_500);
    await eventually('a new token', () => tokenOf(engine).state().record?.version !== first?.version);
  });

  it('goes on with the stored token after a restart, without a fetch', async () => {
    const [redis, platform] = await Promise.all([startRedis(), startPlatform()]);
    const first = await startEngine({ redis, platform: platform.url });
    const token = await tokenOf(first).awaitLive(5_000);
    await first.stop();
    const second = await startEngine({ redis, platform: platform.url });
    expect((await tokenOf(second).awaitLive(5_000))?.value).toBe(token?.value);
    expect(platform.control.counters(APP.appId).tokensIssued.stable).toBe(1);
  });
});

describe('a platform in trouble', () => {
  const faults: FaultOptions[] = [
    { kind: 'slow', delayMs: 300 },
    { kind: 'reset' },
    { kind: 'status' },
    { kind: 'torn' },
    { kind: 'empty' },
    { kind: 'lost' },
    { kind: 'errcode', errcode: -1 },
  ];
  it.each(faults)('that answers the first fetch with %j still leads to a token', async (fault) => {
    const [redis, platform] = await Promise.all([startRedis(), startPlatform()]);
    platform.control.addFault({ ...fault, path: '/cgi-bin/token' });
    const engine = await startEngine({ redis, platform: platform.url, policy: { mode: 'classic' } });
    const record = await tokenOf(engine).awaitLive(10_000);
    expect(platform.control.checkToken(APP.appId, record?.value ?? '')).toBe(0);
  });

  it('that refuses the address is not asked in a storm, and the fault has its errcode', async () => {
    const [redis, platform] = await Promise.all([startRedis(), startPlatform()]);
    platform.control.setWhitelist(APP.appId, ['203.0.113.9']);
    const engine = await startEngine({ redis, platform: platform.url });
    await eventually('the refusal', () => tokenOf(engine).state().failure);
    const asked = Array.from({ length: 50 }, () =>
      tokenOf(engine).report({ ...REPORTER, stale: { version: 1 } }),
    );
    const verdicts = (await Promise.all(asked)).map(({ verdict }) => verdict);
    expect(verdicts).toHaveLength(50);
    for (const verdict of verdicts) {
      expect(verdict).toMatchObject({ is: 'failed', failure: { kind: 'misconfigured', errcode: 40164 } });
    }
    expect(platform.control.counters(APP.appId).calls['/cgi-bin/stable_token']).toBe(1);
  });
});

describe('several engines on one Redis', () => {
  it('fetch one token at start, and one for 300 reports that are spread over them', async () => {
    const [redis, platform] = await Promise.all([startRedis(), startPlatform()]);
    const options = { redis, platform: platform.url };
    const engines = await Promise.all([startEngine(options), startEngine(options), startEngine(options)]);
    const firsts = await Promise.all(engines.map((engine) => tokenOf(engine).awaitLive(5_000)));
    expect(new Set(firsts.map((record) => record?.value)).size).toBe(1);
    platform.control.revoke({ appId: APP.appId });
    const version = firsts[0]?.version ?? 0;
    const reports = Array.from({ length: 300 }, (_, index) =>
      tokenOf(engines[index % 3] as RefreshEngine).report({ ...REPORTER, stale: { version } }),
    );
    const values = (await Promise.all(reports)).map((result) => result?.record?.value);
    expect(new Set(values).size).toBe(1);
    expect(platform.control.counters(APP.appId).tokensIssued.stable).toBe(2);
  });
});
