import { describe, expect, it } from '@jest/globals';
import { createKnownTokens } from './known-tokens.js';

const record = (value: string, version: number, expiresAtMs: number) => ({
  value,
  version,
  expiresAtMs,
  obtainedAtMs: 0,
  lifeMs: expiresAtMs,
});

describe('whose token a token is', () => {
  it('is known to the end of its life, and for five minutes after it was replaced', () => {
    const tokens = createKnownTokens();
    tokens.add('wx1', record('a', 1, 7_200_000), 0);
    tokens.add('wx2', record('b', 1, 7_200_000), 0);
    expect([tokens.appOf('a', 7_199_999), tokens.appOf('a', 7_200_000)]).toEqual(['wx1', undefined]);
    tokens.add('wx1', record('c', 2, 9_000_000), 1_000_000);
    tokens.add('wx1', record('a', 1, 7_200_000), 1_100_000);
    expect([tokens.appOf('a', 1_299_999), tokens.appOf('a', 1_300_000)]).toEqual(['wx1', undefined]);
    expect([tokens.appOf('b', 1_300_000), tokens.appOf('c', 1_300_000)]).toEqual(['wx2', 'wx1']);
    expect(tokens.appOf('d', 0)).toBeUndefined();
  });
});
