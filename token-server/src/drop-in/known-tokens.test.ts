import { describe, expect, it } from '@jest/globals';
import type { CredentialRecord } from '@zhongkong/jobs';
import { createKnownTokens } from './known-tokens.js';
import type { SharedMemory } from './shared-memory.js';

const none = { get: async () => null, set: () => {} };

function start(shared: SharedMemory = none) {
  let nowMs = 1_000_000;
  let onToken: (appId: string, record: CredentialRecord) => void = () => {};
  const engine = {
    onToken(callback: typeof onToken) {
      const others = onToken;
      onToken = (...token) => {
        others(...token);
        callback(...token);
      };
      return () => {};
    },
  };
  const clock = { nowMs: () => nowMs };
  const tokens = createKnownTokens(engine, clock, shared);
  return {
    appOf: tokens.appOf,
    keep: (appId: string, value: string, seconds: number) =>
      tokens.note(appId, value, nowMs + seconds * 1000),
    asOtherServer: createKnownTokens(engine, clock, shared).appOf,
    commit: (appId: string, value: string) =>
      onToken(appId, {
        value,
        version: 1,
        obtainedAtMs: nowMs,
        expiresAtMs: nowMs + 7_200_000,
        lifeMs: 7_200_000,
      }),
    pass(seconds: number) {
      nowMs += seconds * 1000;
    },
  };
}

describe('the tokens that were given out', () => {
  it('are known while they are current, and for the five minutes of WeChat’s overlap after they were replaced', async () => {
    const { appOf, commit, pass } = start();
    commit('wx1', 'first');
    pass(100_000);
    expect(await appOf('first')).toBe('wx1');
    commit('wx1', 'second');
    pass(299);
    expect([await appOf('first'), await appOf('second')]).toEqual(['wx1', 'wx1']);
    pass(1);
    expect([await appOf('first'), await appOf('second')]).toEqual([undefined, 'wx1']);
  });

  it('are the two before the current one at most, however fast they follow', async () => {
    const { appOf, commit } = start();
    for (const value of ['1', '2', '3', '4']) commit('wx1', value);
    commit('wx1', '4');
    expect(await Promise.all(['1', '2', '3', '4'].map(appOf))).toEqual([undefined, 'wx1', 'wx1', 'wx1']);
  });

  it('belong to the app whose current one it is, even if another app had it pushed in', async () => {
    const { appOf, commit } = start();
    commit('wx2', 'of the first');
    commit('wx1', 'of the first');
    commit('wx2', 'something else');
    expect(await appOf('of the first')).toBe('wx1');
    expect(await appOf('something else')).toBe('wx2');
    expect(await appOf('of nobody')).toBeUndefined();
  });

  it('are known for as long as a client may keep them, also to other servers and after a restart', async () => {
    const facts = new Map<string, string>();
    const shared = {
      get: async (key: string) => facts.get(key) ?? null,
      set: (key: string, value: string) => void facts.set(key, value),
    };
    for (const memory of [shared, none]) {
      const { appOf, asOtherServer, commit, keep, pass } = start(memory);
      commit('wx1', 'first');
      keep('wx1', 'first', 7_200);
      for (const value of ['second', 'third', 'fourth']) commit('wx1', value);
      pass(7_199);
      expect(await appOf('first')).toBe('wx1');
      expect(await asOtherServer('first')).toBe(memory === shared ? 'wx1' : undefined);
    }
  });
});
