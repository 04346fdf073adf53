import { describe, expect, it } from '@jest/globals';
import { systemClock } from '@zhongkong/shared';
import { accessTokenOf } from '../core/credential.js';
import { emptyState } from '../core/keeper-state.js';
import { defaultPolicy } from '../core/policy.js';
import { createCredentialMemory } from './credential-memory.js';
import { tellAll } from './observer.js';
import { Session } from './session.js';

function sessionOf({ isHeld }: { isHeld: boolean }) {
  let asked = 0;
  const session = new Session(
    {
      store: { save: async () => true },
      memory: createCredentialMemory(),
      clock: systemClock,
      random: Math.random,
      observer: tellAll([]),
      plan: async () => {},
    },
    {
      id: accessTokenOf('wx1'),
      policy: defaultPolicy('classic'),
      source: {
        origin: { upstream: 'the platform', credentials: 'the secret' },
        async issue() {
          asked += 1;
          return { grant: { value: 'token-1', expiresInMs: 7_200_000, requestedAtMs: systemClock.nowMs() } };
        },
        verify: async () => ({ startedAtMs: systemClock.nowMs(), verdict: 'alive' }),
      },
      lease: { owner: 'me', stored: emptyState, isHeld: () => isHeld, release: async () => {} },
      mayActAlone: false,
    },
  );
  return { session, asked: () => asked };
}

describe('a session', () => {
  it('asks for what is due while it has the lease', async () => {
    const { session, asked } = sessionOf({ isHeld: true });
    await session.wake();
    expect(asked()).toBe(1);
  });

  it('of a process that was paused until its lease ran out asks for nothing', async () => {
    const { session, asked } = sessionOf({ isHeld: false });
    await expect(session.wake()).rejects.toMatchObject({ code: 'taken_over' });
    expect(asked()).toBe(0);
  });
});
