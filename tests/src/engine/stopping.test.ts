import { describe, expect, it } from '@jest/globals';
import { eventually } from '../helpers/eventually.js';
import { APP, startPlatform } from '../helpers/fixtures.js';
import { startRedis } from '../helpers/redis-process.js';
import { startEngine, tokenOf } from '../helpers/test-engine.js';

describe('an engine that is stopped when Redis dies', () => {
  async function start() {
    const lifetimes = { tokenSeconds: 4, overlapSeconds: 2 };
    const [redis, platform] = await Promise.all([startRedis(), startPlatform({ lifetimes })]);
    const engine = await startEngine({ redis, platform: platform.url, policy: { mode: 'classic' } });
    await tokenOf(engine).awaitLive(5_000);
    return { redis, platform, engine };
  }

  async function secondsOf(work: Promise<void>): Promise<number> {
    const startedAt = performance.now();
    await work;
    return (performance.now() - startedAt) / 1_000;
  }

  it('a moment before does not wait for it', async () => {
    const { redis, engine } = await start();
    redis.kill('SIGKILL');
    expect(await secondsOf(engine.stop())).toBeLessThan(3);
  });

  it('a moment after, in the middle of a refresh, does not wait for it either', async () => {
    const { redis, platform, engine } = await start();
    platform.control.addFault({ kind: 'slow', path: '/cgi-bin/token', delayMs: 1_000 });
    const asked = platform.control.calls({ path: '/cgi-bin/token' }).length;
    const isAsked = () => platform.control.calls({ path: '/cgi-bin/token' }).length > asked;
    await eventually('a refresh under way', () => tokenOf(engine).state().attempt !== null || isAsked());
    const stopped = secondsOf(engine.stop());
    redis.kill('SIGKILL');
    expect(await stopped).toBeLessThan(4);
  });
});

describe('an engine that is stopped', () => {
  it('finishes the refresh that is under way, and leaves its next one planned', async () => {
    const [redis, platform] = await Promise.all([startRedis(), startPlatform()]);
    platform.control.addFault({ kind: 'slow', path: '/cgi-bin/stable_token', delayMs: 500 });
    const engine = await startEngine({ redis, platform: platform.url });
    await eventually('a fetch under way', () => tokenOf(engine).state().attempt);
    await engine.stop();
    const state = tokenOf(engine).state();
    expect(platform.control.checkToken(APP.appId, state?.record?.value ?? '')).toBe(0);
    const planned = await (await redis.connect()).zrange('{zhongkong:queue}:refresh:delayed', 0, -1);
    expect(planned).toContain(`${APP.appId}.access-token.${Math.ceil(state?.refreshAtMs ?? 0)}`);
  });
});
