import { describe, expect, it } from '@jest/globals';
import type { Credential, CredentialRecord, Report, ReportAnswer } from '@zhongkong/jobs';
import { type GiveTokenDeps, giveToken } from './give-token.js';
import { LastAnswers } from './last-answers.js';

const NOW_MS = 1_000_000;
const none = { get: async () => null, set: () => {} };

function recordOf(version: number, expiresInMs = 7_200_000): CredentialRecord {
  const expiresAtMs = NOW_MS + expiresInMs;
  return { value: `T${version}`, version, obtainedAtMs: NOW_MS, expiresAtMs, lifeMs: 7_200_000 };
}

interface World {
  /** What the engine does, in place of what a living token brings. */
  credential?: Partial<Credential>;
  appTold?: number;
  clientTold?: number;
}

function start({ credential = {}, appTold, clientTold }: World = {}) {
  const asked: string[] = [];
  const alive: ReportAnswer = { verdict: { is: 'still-valid' }, record: recordOf(1) };
  const token = {
    idle: async () => {},
    awaitLive: async () => recordOf(1),
    state: () => ({ failure: null }),
    policy: { mode: 'stable' },
    async report({ isHint }: Report) {
      asked.push(isHint ? 'hint' : 'report');
      return alive;
    },
    async ensureSeenAlive(maxAgeMs: number) {
      asked.push(`seen alive within ${maxAgeMs} ms`);
      return alive;
    },
    ...credential,
  };
  const noted: [string, string, number][] = [];
  const deps = {
    clock: { nowMs: () => NOW_MS },
    lastAnswers: new LastAnswers(none),
    knownTokens: {
      appOf: async () => undefined,
      note: (...args: [string, string, number]) => void noted.push(args),
    },
    findApp: () => ({ settings: { appId: 'wx1', dropInExpiresInSeconds: appTold }, token }),
    keyGuard: {
      find: async () => ({
        name: 'orders',
        apps: ['*'],
        scopes: ['token:read'],
        dropInExpiresInSeconds: clientTold,
      }),
    },
  } as unknown as GiveTokenDeps;
  const request = { appId: 'wx1', keys: ['key'], forceRefresh: false, failedToken: undefined };
  return {
    asked,
    noted,
    read: (more = {}, address = 'a') => giveToken(deps, { ...request, address, ...more }),
  };
}

describe('a token on the drop-in paths', () => {
  it('is given out only if it was seen alive within a minute', async () => {
    const { asked, read } = start();
    expect(await read()).toEqual({ access_token: 'T1', expires_in: 240 });
    expect(asked).toEqual(['seen alive within 60000 ms']);
  });

  it('that was found dead for a caller without any hint is not given out', async () => {
    const answer: ReportAnswer = { verdict: { is: 'refreshed' }, record: recordOf(2) };
    const { read } = start({ credential: { ensureSeenAlive: async () => answer } });
    expect((await read()).access_token).toBe('T2');
  });

  it.each([
    ['comes back early', {}],
    ['sends force_refresh', { forceRefresh: true }],
    ['names the token as failed', { failedToken: 'T1' }],
  ])('is a hint when the caller %s', async (_what, more) => {
    const { asked, read } = start();
    await read();
    await read(more);
    expect(asked).toEqual(['seen alive within 60000 ms', 'hint']);
  });

  it('is no hint for another address, or when another token failed', async () => {
    const { asked, read } = start();
    await read();
    await read({}, 'b');
    await read({ failedToken: 'T0' });
    expect(new Set(asked)).toEqual(new Set(['seen alive within 60000 ms']));
  });

  it('waits for what is under way', async () => {
    let current = recordOf(1);
    const { read } = start({
      credential: {
        awaitLive: async () => current,
        ensureSeenAlive: async () => ({ verdict: { is: 'still-valid' }, record: current }),
        async idle() {
          await new Promise((resolve) => setTimeout(resolve, 20));
          current = recordOf(2);
        },
      },
    });
    expect((await read()).access_token).toBe('T2');
  });

  it('does not wait longer than two seconds', async () => {
    const { read } = start({ credential: { ensureSeenAlive: () => new Promise(() => {}) } });
    expect((await read()).access_token).toBe('T1');
  });

  it.each([
    ['nobody can check', async () => ({ verdict: { is: 'uncheckable', retryAtMs: 0 }, record: recordOf(1) })],
    ['the store is away', () => Promise.reject(new Error('store_unavailable'))],
  ])('is the one in memory when %s', async (_when, ensureSeenAlive) => {
    const { read } = start({ credential: { ensureSeenAlive } as Partial<Credential> });
    expect((await read()).access_token).toBe('T1');
  });

  it.each([
    [{}, 240],
    [{ appTold: 7_200 }, 7_200],
    [{ appTold: 7_200, clientTold: 60 }, 60],
    [{ appTold: 60, clientTold: 7_200 }, 7_200],
  ])('may be kept as configured %j: %i s', async (world, expiresIn) => {
    const { read, noted } = start(world);
    expect((await read()).expires_in).toBe(expiresIn);
    expect(noted).toEqual([['wx1', 'T1', NOW_MS + expiresIn * 1000]]);
  });

  it('may never be kept longer than it lives', async () => {
    const record = recordOf(1, 100_000);
    const credential: Partial<Credential> = {
      awaitLive: async () => record,
      ensureSeenAlive: async () => ({ verdict: { is: 'still-valid' }, record }),
    };
    expect((await start({ credential, appTold: 7_200 }).read()).expires_in).toBe(100);
  });
});
