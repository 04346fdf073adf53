import { describe, expect, it } from '@jest/globals';
import { eventually } from '../helpers/eventually.js';
import { APP, REPORTER, startPlatform } from '../helpers/fixtures.js';
import { manualClock } from '../helpers/manual-clock.js';
import { startRedis } from '../helpers/redis-process.js';
import { storedState } from '../helpers/stored-state.js';
import { SEALER, startEngine, type TestEngineOptions, tokenOf } from '../helpers/test-engine.js';

async function start(options: Partial<TestEngineOptions> & { servers?: number; tokenSeconds?: number } = {}) {
  const clock = manualClock();
  const lifetimes = { tokenSeconds: options.tokenSeconds ?? 7200 };
  const [redis, platform] = await Promise.all([startRedis(), startPlatform({ clock, lifetimes })]);
  const all = { redis, platform: platform.url, clock, ...options };
  const engines = await Promise.all(Array.from({ length: options.servers ?? 1 }, () => startEngine(all)));
  const [engine] = engines;
  if (engine === undefined) throw new Error('no engine');
  await Promise.all(engines.map((one) => tokenOf(one).awaitLive(5_000)));
  const record = () => tokenOf(engine).state().record;
  const isAlive = () => platform.control.checkToken(APP.appId, record()?.value ?? '') === 0;
  return { clock, redis, platform, engine, engines, record, isAlive };
}

describe('while Redis is away', () => {
  it('a token is given out from memory to its end, and not longer', async () => {
    const { clock, redis, engine, record } = await start({ policy: { mode: 'classic' } });
    redis.kill('SIGKILL');
    const token = record()?.value;
    clock.pass(7_100);
    expect((await tokenOf(engine).awaitLive(10))?.value).toBe(token);
    clock.pass(100);
    expect(await tokenOf(engine).awaitLive(10)).toBeNull();
  });

  it('several servers in stable mode go on refreshing, each by itself, and force nothing', async () => {
    const { clock, redis, platform, engines } = await start({ servers: 3, policy: { mode: 'stable' } });
    redis.kill('SIGKILL');
    for (let refreshes = 1; refreshes <= 3; refreshes += 1) {
      clock.pass(7_000);
      for (const engine of engines) {
        await eventually('a living token', () => {
          const token = tokenOf(engine).state().record;
          return token && token.expiresAtMs > clock.nowMs() + 1_000_000;
        });
      }
    }
    const values = engines.map((engine) => tokenOf(engine).state().record?.value ?? '');
    expect(new Set(values).size).toBe(1);
    expect(platform.control.checkToken(APP.appId, values[0] ?? '')).toBe(0);
    expect(platform.control.counters(APP.appId)).toMatchObject({ forced: 0, tokensIssued: { stable: 4 } });
  });

  it('several servers in classic mode fetch nothing, since each fetch would end the token of the others', async () => {
    const { clock, redis, platform, engine, record } = await start({ policy: { mode: 'classic' } });
    redis.kill('SIGKILL');
    clock.pass(6_500);
    await expect(
      tokenOf(engine).report({ ...REPORTER, stale: { version: record()?.version ?? 0 } }),
    ).rejects.toThrow();
    expect(await tokenOf(engine).awaitLive(2_500)).not.toBeNull();
    expect(platform.control.counters(APP.appId).tokensIssued.token).toBe(1);
  });

  it('the only server heals a dead token in classic mode too', async () => {
    const { redis, platform, engine, record, isAlive } = await start({
      policy: { mode: 'classic' },
      isOnlyServer: true,
    });
    redis.kill('SIGKILL');
    platform.control.revoke({ appId: APP.appId });
    const result = await tokenOf(engine).report({ ...REPORTER, stale: { version: record()?.version ?? 0 } });
    expect(result.verdict.is).toBe('refreshed');
    expect(isAlive()).toBe(true);
  });

  it('a dead token heals in stable mode by a normal call, and force is left to who has the lease', async () => {
    const { redis, platform, engine, record, isAlive } = await start({ policy: { mode: 'stable' } });
    redis.kill('SIGKILL');
    platform.control.revoke({ appId: APP.appId });
    expect(
      (await tokenOf(engine).report({ ...REPORTER, stale: { version: record()?.version ?? 0 } })).verdict.is,
    ).toBe('refreshed');
    expect(isAlive()).toBe(true);
    platform.control.revoke({ appId: APP.appId, stuck: true });
    const stuck = await tokenOf(engine).report({ ...REPORTER, stale: { version: record()?.version ?? 0 } });
    expect(stuck.verdict.is).not.toBe('refreshed');
    expect(platform.control.counters(APP.appId).forced).toBe(0);
  });
});

describe('when Redis is back', () => {
  it('is handed what was refreshed without it, and the others learn of it', async () => {
    const { clock, redis, engine, record } = await start({ policy: { mode: 'stable' } });
    const before = record()?.version;
    redis.kill('SIGKILL');
    clock.pass(7_000);
    const alone = await eventually('a token without Redis', () => record()?.version !== before && record());
    await redis.start();
    const other = await startEngine({ redis, platform: 'http://127.0.0.1:9', clock });
    const learned = await eventually('the handed-over token', () => tokenOf(other).state().record);
    await eventually('the same', () => tokenOf(other).state().record?.value === alone.value);
    expect(learned.version).toBeGreaterThanOrEqual(before ?? 0);
    expect(tokenOf(engine).state().record?.value).toBe(alone.value);
  });

  it('empty: no version goes back, the token goes on, and its refreshes are planned anew', async () => {
    const { clock, redis, platform, engines, record, isAlive } = await start({
      servers: 2,
      policy: { mode: 'classic' },
    });
    const token = record();
    const connection = await redis.connect();
    await connection.flushall();
    redis.kill('SIGKILL');
    await redis.start();
    await eventually(
      'it is stored again',
      async () => (await connection.keys('*:data').catch(() => [])).length > 0,
    );
    for (const engine of engines) expect(tokenOf(engine).state().record).toEqual(token);
    expect(platform.control.counters(APP.appId).tokensIssued.token).toBe(1);
    clock.pass(6_400);
    await eventually('the next token', () => (record()?.version ?? 0) > (token?.version ?? 0));
    expect(isAlive()).toBe(true);
    expect(platform.control.counters(APP.appId).tokensIssued.token).toBe(2);
  });

  it('older, as after a failover that lost writes: the newer token goes on and is stored again', async () => {
    const { redis, platform, engines, engine, record, isAlive } = await start({
      servers: 2,
      policy: { mode: 'classic' },
    });
    const connection = await redis.connect();
    const [key = ''] = await connection.keys('*:data');
    const old = (await connection.hget(key, 'state')) ?? '';
    platform.control.revoke({ appId: APP.appId });
    await tokenOf(engine).report({ ...REPORTER, stale: { version: record()?.version ?? 0 } });
    const newer = record();
    await eventually('both know it', () =>
      engines.every((one) => tokenOf(one).state().record?.version === newer?.version),
    );
    await connection.hset(key, 'state', old);
    redis.kill('SIGKILL');
    await redis.start();
    await eventually('the newer one is stored again', async () => {
      const stored = await storedState(connection, SEALER, APP.appId)
        .read()
        .catch(() => null);
      return stored?.record?.version === newer?.version;
    });
    for (const one of engines) expect(tokenOf(one).state().record).toEqual(newer);
    expect(isAlive()).toBe(true);
    expect(platform.control.counters(APP.appId).tokensIssued.token).toBe(2);
  });

  it('with everything lost, also in the servers: versions go on growing', async () => {
    const { redis, platform, engine, clock, record } = await start({ policy: { mode: 'classic' } });
    const before = record()?.version ?? 0;
    await engine.stop();
    await (await redis.connect()).flushall();
    clock.pass(1);
    const fresh = await startEngine({ redis, platform: platform.url, clock, policy: { mode: 'classic' } });
    expect((await tokenOf(fresh).awaitLive(5_000))?.version).toBeGreaterThan(before);
  });

  it('with a state that cannot be read: it counts as lost, and a token is fetched', async () => {
    const { redis, platform, engine, clock } = await start({ policy: { mode: 'classic' } });
    await engine.stop();
    const connection = await redis.connect();
    const [key = ''] = await connection.keys('*:data');
    await connection.hset(key, 'state', '{"format":1,"record":{"value":"v1.nonsense"}}');
    const fresh = await startEngine({ redis, platform: platform.url, clock, policy: { mode: 'classic' } });
    const token = await tokenOf(fresh).awaitLive(5_000);
    expect(platform.control.checkToken(APP.appId, token?.value ?? '')).toBe(0);
  });
});
