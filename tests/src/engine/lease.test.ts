import { describe, expect, it } from '@jest/globals';
import { createSealer, emptyState } from '@zhongkong/jobs';
import { accessTokenOf, createCredentialStore, createKeys } from '@zhongkong/jobs/testing';
import { startRedis } from '../helpers/redis-process.js';

const id = accessTokenOf('wx1');
const named = (value: string) => ({
  ...emptyState,
  record: { value, version: 1, obtainedAtMs: 0, expiresAtMs: 1, lifeMs: 1 },
});

async function start() {
  const redis = await startRedis();
  const sealer = createSealer(Buffer.alloc(32, 1));
  return {
    redis,
    store: createCredentialStore({
      redis: await redis.connect(),
      keys: createKeys('zhongkong', 0),
      sealer,
      onUnreadable: () => {},
    }),
  };
}

describe('the lease of a credential', () => {
  it('is one holder’s at a time, and free again when given back', async () => {
    const { store } = await start();
    expect(await store.open(id, 'a', 10_000)).toMatchObject({ opened: true, state: emptyState });
    expect(await store.open(id, 'b', 10_000)).toMatchObject({ opened: false, endsInMs: expect.any(Number) });
    await store.release(id, 'b');
    expect(await store.open(id, 'b', 10_000)).toMatchObject({ opened: false });
    await store.release(id, 'a');
    expect(await store.open(id, 'b', 10_000)).toMatchObject({ opened: true });
  });

  it('refuses what a holder saves after another took over, and keeps what that one saved', async () => {
    const { store } = await start();
    await store.open(id, 'paused', 1);
    while (!(await store.open(id, 'next', 10_000)).opened);
    expect(await store.save(id, 'next', named('newer'))).toBe(true);
    expect(await store.save(id, 'paused', named('late'))).toBe(false);
    expect(await store.renew(id, 'paused', 10_000)).toBe(false);
    expect((await store.load(id)).record?.value).toBe('newer');
  });

  it('lets a holder save whose time ran out but whom nobody has replaced', async () => {
    const { redis, store } = await start();
    await store.open(id, 'slow', 1);
    const connection = await redis.connect();
    while ((await connection.keys('*:lease')).length > 0);
    expect(await store.save(id, 'slow', named('good'))).toBe(true);
  });

  it('refuses a holder from before Redis lost its data', async () => {
    const { redis, store } = await start();
    await store.open(id, 'old', 10_000);
    await (await redis.connect()).flushall();
    expect(await store.save(id, 'old', named('old'))).toBe(false);
    expect(await store.load(id)).toEqual(emptyState);
  });
});
