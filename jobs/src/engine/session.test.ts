import { describe, expect, it } from '@jest/globals';
import { systemClock } from '@zhongkong/shared';
import { defaultPolicy } from '../keeper/policy.js';
import { accessTokenOf, emptyState, type KeeperState } from '../keeper/state.js';
import { observeAll } from './events.js';
import { Session } from './session.js';
import { noTracer } from './tracer.js';

function start({ isHeld = true, save = async (_state: KeeperState): Promise<boolean> => true } = {}) {
  const planned: number[] = [];
  const sent: string[] = [];
  const saved: KeeperState[] = [];
  const session = new Session(
    {
      clock: systemClock,
      random: () => 0.5,
      observer: observeAll([]),
      tracer: noTracer,
      plan: async (_id, atMs) => void planned.push(atMs),
    },
    {
      id: accessTokenOf('wx1'),
      policy: defaultPolicy('classic'),
      origin: { upstream: 'wechat', credentials: 'the secret' },
      lease: { stored: emptyState, isHeld: () => isHeld, save, release: async () => {} },
      isAllowedWithoutRedis: false,
      async fetch() {
        sent.push(`fetch after ${saved.length} saves`);
        return { fetched: { value: 'token-1', expiresInMs: 7_200_000, requestedAtMs: systemClock.nowMs() } };
      },
      check: async () => ({ startedAtMs: systemClock.nowMs(), verdict: 'alive' }),
      onState: (state) => void saved.push(state),
    },
  );
  return { session, planned, sent, saved };
}

describe('a session', () => {
  it('saves the attempt, fetches, saves the token, and plans the next session', async () => {
    const { session, planned, sent, saved } = start();
    await session.wake();
    expect(sent).toEqual(['fetch after 1 saves']);
    expect(saved.map(({ record }) => record?.value)).toEqual([undefined, 'token-1']);
    expect(planned).toEqual([saved.at(-1)?.refreshAtMs]);
  });

  it('of a process that was paused until its lease ran out fetches nothing', async () => {
    const { session, sent } = start({ isHeld: false });
    await expect(session.wake()).rejects.toMatchObject({ code: 'taken_over' });
    expect(sent).toEqual([]);
    expect(session.leavesDoubt).toBe(false);
  });

  it('that fetched a token and cannot save it leaves a doubt', async () => {
    const { session } = start({ save: async ({ record }) => record === null });
    await expect(session.wake()).rejects.toMatchObject({ code: 'taken_over' });
    expect(session.leavesDoubt).toBe(true);
  });

  it('checks a reported token once for all reports that it began with', async () => {
    const { session } = start();
    await session.wake();
    const report = {
      client: 'mall',
      stale: { value: 'token-1' },
      isHint: false,
      versionAtArrival: 1e12,
      arrivedAt: performance.now(),
    };
    expect(await session.report(report)).toEqual({ do: 'answer', verdict: { is: 'still-valid' } });
    expect(await session.report(report)).toEqual({ do: 'answer', verdict: { is: 'still-valid' } });
  });
});
