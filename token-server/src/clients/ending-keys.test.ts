import { describe, expect, it } from '@jest/globals';
import { endingClients, endingText } from './ending-keys.js';

const NOW = Date.UTC(2026, 0, 1);
const DAY = 86_400_000;

describe('the end of client keys', () => {
  it.each([
    ['more than 14 days', 14 * DAY + 1, []],
    ['14 days', 14 * DAY, [14]],
    ['four days', 4 * DAY, [14]],
    ['three days', 3 * DAY, [3]],
    ['one day', DAY, [1]],
    ['a millisecond', 1, [1]],
    ['nothing', 0, [0]],
    ['a week after it', -7 * DAY, [0]],
  ])('with %s left', (_what, leftMs, steps) => {
    const found = endingClients([{ client: 'a', expiresAtMs: NOW + leftMs }], NOW);
    expect(found.map(({ step }) => step)).toEqual(steps);
  });

  it('is that of the first of its keys, once a client; keys without an end are no matter', () => {
    const keys = [
      { client: 'a' },
      { client: 'b', expiresAtMs: NOW + 5 * DAY },
      { client: 'b', expiresAtMs: NOW + 2 * DAY },
    ];
    const found = endingClients(keys, NOW);
    expect(found).toEqual([{ client: 'b', expiresAtMs: NOW + 2 * DAY, step: 3 }]);
    expect(found.map(endingText)).toEqual([
      "the keys of the client b end at 2026-01-03T00:00:00.000Z; prolong them with: zhongkong clients set 'b' --expires 90d",
    ]);
  });
});
