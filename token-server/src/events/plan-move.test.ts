import { describe, expect, it } from '@jest/globals';
import { encodeMove, planMove } from './plan-move.js';

describe('the streams of a server that stops', () => {
  it.each([
    // leftMs, random, when it ends
    [0, 0, 0],
    [0, 0.5, 500],
    [0, 0.999, 999],
    [10_000, 0, 5_000],
    [10_000, 0.5, 7_000],
    [10_000, 0.999, 8_996],
  ])('with %d ms left of the drain delay and %d drawn, one ends after %d ms', (leftMs, random, endInMs) => {
    expect(planMove(leftMs, [random, 0]).endInMs).toBe(endInMs);
  });

  it('end spread, each of a hundred at a moment of its own, and their readers come back spread as well', () => {
    const plans = Array.from({ length: 100 }, (_, index) => planMove(10_000, [index / 100, index / 100]));
    expect(new Set(plans.map(({ endInMs }) => endInMs)).size).toBe(100);
    expect(new Set(plans.map(({ retryMs }) => retryMs)).size).toBe(100);
    expect(plans.every(({ retryMs }) => retryMs >= 500 && retryMs <= 3_500)).toBe(true);
  });

  it('say so as an event with `retry`, which every reader of Server-Sent Events understands', () => {
    expect(String(encodeMove({ endInMs: 0, retryMs: 700 }))).toBe('retry: 700\nevent: move\ndata: {}\n\n');
  });
});
