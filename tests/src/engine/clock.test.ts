import { describe, expect, it } from '@jest/globals';
import { createRedisClock } from '@zhongkong/jobs';
import { type Clock, secondsLeft } from '@zhongkong/shared';
import { eventually } from '../helpers/eventually.js';
import { APP, startPlatform } from '../helpers/fixtures.js';
import { startRedis } from '../helpers/redis-process.js';
import { startEngine, tokenOf } from '../helpers/test-engine.js';

const offBy = (minutes: number): Clock => ({ nowMs: () => Date.now() + minutes * 60_000 });

describe('servers whose clocks are wrong', () => {
  it('agree on what is left of a token', async () => {
    const [redis, platform] = await Promise.all([startRedis(), startPlatform()]);
    const left: number[] = [];
    for (const minutes of [0, 10, -10, 60 * 24]) {
      const clock = createRedisClock(await redis.connect(), offBy(minutes));
      await clock.sync();
      const engine = await startEngine({ redis, platform: platform.url, clock });
      const record = await eventually('the token', () => tokenOf(engine).state().record);
      left.push(secondsLeft(record, clock.nowMs()));
    }
    expect(Math.max(...left) - Math.min(...left)).toBeLessThanOrEqual(3);
    expect(platform.control.counters(APP.appId).tokensIssued.stable).toBe(1);
  });

  it('keep the last difference while Redis is away', async () => {
    const redis = await startRedis();
    const clock = createRedisClock(await redis.connect(), offBy(10));
    await clock.sync();
    expect(Math.round(clock.offsetMs / 1000)).toBe(-600);
    redis.kill('SIGKILL');
    await expect(clock.sync()).rejects.toThrow();
    expect(Math.round(clock.offsetMs / 1000)).toBe(-600);
  });
});
