import { describe, expect, it } from '@jest/globals';
import { longestFree, together } from './timeline.js';

const span = (fromMs: number, toMs: number) => ({ fromMs, toMs });

describe('the timeline of a chaos run', () => {
  it.each([
    ['no trouble', [], 10],
    ['trouble in the middle', [span(4, 6)], 4],
    ['trouble all the time', [span(-5, 20)], 0],
    ['trouble that never ended', [span(7, Number.POSITIVE_INFINITY)], 7],
    ['troubles that overlap, in any order', [span(5, 8), span(1, 6), span(2, 3)], 2],
    ['trouble outside', [span(-5, -1), span(11, 12)], 10],
  ])('finds the longest free stretch: %s', (_name, troubles, expected) => {
    expect(longestFree(span(0, 10), troubles)).toBe(expected);
  });

  it('finds when several things were in trouble together', () => {
    expect(together([[span(0, 5), span(8, 12)], [span(4, 9)], [span(0, 10)]])).toEqual([
      span(4, 5),
      span(8, 9),
    ]);
    expect(together([[span(0, 5)], []])).toEqual([]);
  });
});
