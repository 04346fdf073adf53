import { describe, expect, it } from '@jest/globals';
import { eventually } from '../helpers/eventually.js';
import { APP, OTHER_APP, startPlatform } from '../helpers/fixtures.js';
import { startRedis } from '../helpers/redis-process.js';
import { startEngine } from '../helpers/test-engine.js';

describe('what Redis has lost', () => {
  it('all of it, and nobody reads: the token is refreshed on, and its version grows on', async () => {
    const lifetimes = { tokenSeconds: 6, overlapSeconds: 2 };
    const [redis, platform] = await Promise.all([startRedis(), startPlatform({ lifetimes })]);
    const engine = await startEngine({ redis, platform: platform.url, policy: { mode: 'classic' } });
    const first = await engine.awaitLive(APP.appId, 5_000);
    await (await redis.connect()).flushall();
    const versions = [first?.version ?? 0];
    engine.onToken((_appId, { version }) => versions.push(version));
    await eventually('two more tokens', () => versions.length >= 3);
    expect(versions).toEqual([...versions].sort((a, b) => a - b));
    expect(platform.control.checkToken(APP.appId, engine.state(APP.appId)?.record?.value ?? '')).toBe(0);
  });

  it('a server with another list of apps leaves the schedules of the others alone', async () => {
    const [redis, platform] = await Promise.all([startRedis(), startPlatform()]);
    await startEngine({ redis, platform: platform.url });
    await startEngine({ redis, platform: platform.url, app: OTHER_APP });
    const schedulers = await (await redis.connect()).zrange('{zhongkong:queue}:refresh:repeat', 0, -1);
    expect(schedulers.sort()).toEqual([APP, OTHER_APP].map(({ appId }) => `${appId}.access-token`).sort());
  });
});
