import { describe, expect, it } from '@jest/globals';
import { eventually } from '../helpers/eventually.js';
import { APP, OTHER_APP, startPlatform } from '../helpers/fixtures.js';
import { startRedis } from '../helpers/redis-process.js';
import { storedState } from '../helpers/stored-state.js';
import { SEALER, startEngine, ticketOf, tokenOf } from '../helpers/test-engine.js';

describe('what Redis has lost', () => {
  it('all of it, and nobody reads: the token is refreshed on, and its version grows on', async () => {
    const lifetimes = { tokenSeconds: 6, overlapSeconds: 2 };
    const [redis, platform] = await Promise.all([startRedis(), startPlatform({ lifetimes })]);
    const engine = await startEngine({ redis, platform: platform.url, policy: { mode: 'classic' } });
    const first = await tokenOf(engine).awaitLive(5_000);
    await (await redis.connect()).flushall();
    const versions = [first?.version ?? 0];
    engine.onToken((_appId, { version }) => versions.push(version));
    await eventually('two more tokens', () => versions.length >= 3);
    expect(versions).toEqual([...versions].sort((a, b) => a - b));
    expect(platform.control.checkToken(APP.appId, tokenOf(engine).state().record?.value ?? '')).toBe(0);
  });

  it('nothing, but a server missed a message: it learns what is stored at the next sweep', async () => {
    const [redis, platform] = await Promise.all([startRedis(), startPlatform()]);
    const policy = { mode: 'stable', sweepMs: 1_000 } as const;
    const engine = await startEngine({ redis, platform: platform.url, policy });
    await ticketOf(engine, 'jsapi').awaitLive(5_000);
    const stored = storedState(await redis.connect(), SEALER, APP.appId, 'jsapi');
    const revision = (await stored.read()).revision + 7;
    await stored.change({ revision });
    await eventually('the newer state', () => (ticketOf(engine, 'jsapi').state().revision ?? 0) >= revision);
  });

  it('the last write, and no connection: what a server remembers is stored again', async () => {
    const [redis, platform] = await Promise.all([startRedis(), startPlatform()]);
    const policy = { mode: 'classic', sweepMs: 1_000 } as const;
    const engine = await startEngine({ redis, platform: platform.url, policy });
    const record = await ticketOf(engine, 'jsapi').awaitLive(5_000);
    const connection = await redis.connect();
    const stored = storedState(connection, SEALER, APP.appId, 'jsapi');
    await connection.hdel(stored.key, 'state');
    await eventually('the ticket in Redis', () => connection.hget(stored.key, 'state'));
    expect(await stored.read()).toMatchObject({ record: { version: record?.version } });
  });

  it('servers with different lists of apps share one sweep', async () => {
    const [redis, platform] = await Promise.all([startRedis(), startPlatform()]);
    await startEngine({ redis, platform: platform.url });
    await startEngine({ redis, platform: platform.url, app: OTHER_APP });
    const schedulers = await (await redis.connect()).zrange('{zhongkong:queue}:refresh:repeat', 0, -1);
    expect(schedulers.sort()).toEqual(['sweep']);
  });
});
