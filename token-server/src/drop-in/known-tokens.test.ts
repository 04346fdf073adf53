import { describe, expect, it } from '@jest/globals';
import type { CredentialRecord } from '@zhongkong/jobs';
import { createKnownTokens } from './known-tokens.js';

function start() {
  let nowMs = 1_000_000;
  let tell: (appId: string, record: CredentialRecord) => void = () => {};
  const engine = {
    onToken(callback: typeof tell) {
      tell = callback;
      return () => {};
    },
  };
  const tokens = createKnownTokens(engine, { nowMs: () => nowMs });
  return {
    appOf: tokens.appOf,
    commit: (appId: string, value: string) =>
      tell(appId, {
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
  it('are known while they are current, and for the five minutes of WeChat’s overlap after they were replaced', () => {
    const { appOf, commit, pass } = start();
    commit('wx1', 'first');
    pass(100_000);
    expect(appOf('first')).toBe('wx1');
    commit('wx1', 'second');
    pass(299);
    expect([appOf('first'), appOf('second')]).toEqual(['wx1', 'wx1']);
    pass(1);
    expect([appOf('first'), appOf('second')]).toEqual([undefined, 'wx1']);
  });

  it('are the two before the current one at most, however fast they follow', () => {
    const { appOf, commit } = start();
    for (const value of ['1', '2', '3', '4']) commit('wx1', value);
    commit('wx1', '4');
    expect(['1', '2', '3', '4'].map(appOf)).toEqual([undefined, 'wx1', 'wx1', 'wx1']);
  });

  it('belong to the app whose current one it is, even if another app had it pushed in', () => {
    const { appOf, commit } = start();
    commit('wx2', 'of the first');
    commit('wx1', 'of the first');
    commit('wx2', 'something else');
    expect(appOf('of the first')).toBe('wx1');
    expect(appOf('something else')).toBe('wx2');
    expect(appOf('of nobody')).toBeUndefined();
  });
});
