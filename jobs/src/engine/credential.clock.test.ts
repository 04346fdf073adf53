import { describe, expect, it } from '@jest/globals';
import { secondsLeft } from '@zhongkong/shared';
import { manageCredential } from './testing/managed.js';

const HOUR = 3_600_000;
const JUMPS = [HOUR, -HOUR, 24 * HOUR, -24 * HOUR];
const LIFE_SECONDS = 7_200;

function secondsTold({ credential, time }: ReturnType<typeof manageCredential>): number {
  const record = credential.live();
  return record === null ? 0 : secondsLeft(record, time.nowMs);
}

async function session(credential: ReturnType<typeof manageCredential>['credential']): Promise<void> {
  await credential.wake();
  await credential.idle();
}

describe.each(['classic', 'stable'] as const)('a clock that is set, in %s mode', (mode) => {
  it.each(JUMPS)('by %d ms gives no token a longer life, in memory or in the store', async (jumpMs) => {
    const managed = manageCredential(mode);
    const { credential, store, time } = managed;
    await session(credential);
    time.nowMs += jumpMs;
    expect(secondsTold(managed)).toBeLessThanOrEqual(LIFE_SECONDS);
    // An hour ahead is what a machine that slept for an hour looks like: the token has an hour left.
    expect(credential.isOverdue(0)).toBe(jumpMs !== HOUR);
    await session(credential);
    expect(credential.isOverdue(0)).toBe(false);
    expect(secondsTold(managed)).toBeGreaterThan(LIFE_SECONDS / 2 - 5);
    const { record, refreshAtMs } = store.stored;
    expect(record?.expiresAtMs).toBeLessThanOrEqual(time.nowMs + LIFE_SECONDS * 1000);
    expect(record?.obtainedAtMs).toBeLessThanOrEqual(time.nowMs);
    expect(refreshAtMs).toBeLessThan(record?.expiresAtMs ?? 0);
  });

  it.each(JUMPS)(
    'by %d ms and back leaves a living token, never one that seems to live longer',
    async (jumpMs) => {
      const managed = manageCredential(mode);
      const { credential, time, wechat } = managed;
      for (const move of [0, jumpMs, -jumpMs]) {
        time.nowMs += move;
        await session(credential);
      }
      expect(secondsTold(managed)).toBeGreaterThan(LIFE_SECONDS / 2 - 5);
      expect(secondsTold(managed)).toBeLessThanOrEqual(LIFE_SECONDS);
      expect(credential.state().refreshAtMs).toBeLessThan(time.nowMs + LIFE_SECONDS * 1000);
      expect(wechat.fetches).toBeLessThanOrEqual(2);
    },
  );

  it('back costs no fetch: how long the token lives is known', async () => {
    const managed = manageCredential(mode);
    const { credential, time, wechat } = managed;
    await session(credential);
    time.nowMs -= 24 * HOUR;
    await session(credential);
    expect(wechat.fetches).toBe(1);
    expect(secondsTold(managed)).toBeGreaterThan(LIFE_SECONDS - 5);
  });

  it('back while the server was down: the stored token is given out for its life at most, and replaced at once', async () => {
    const before = manageCredential(mode);
    await session(before.credential);
    const managed = manageCredential(mode);
    const { credential, store, time, wechat } = managed;
    store.stored = before.store.stored;
    time.nowMs -= 24 * HOUR;
    await credential.reconcile();
    expect(secondsTold(managed)).toBeLessThanOrEqual(LIFE_SECONDS);
    expect(credential.isOverdue(0)).toBe(true);
    await session(credential);
    expect(wechat.fetches).toBe(1);
    expect(credential.isOverdue(0)).toBe(false);
  });

  it('while Redis is away is followed in memory', async () => {
    const managed = manageCredential(mode);
    const { credential, store, time } = managed;
    await session(credential);
    store.error = new Error('Redis is away');
    time.nowMs -= 24 * HOUR;
    expect(secondsTold(managed)).toBeLessThanOrEqual(LIFE_SECONDS);
  });
});
