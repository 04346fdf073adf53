import { describe, expect, it } from '@jest/globals';
import { Usage } from './usage.js';

const noon = Date.parse('2026-11-22T04:00:00Z');

describe('Usage', () => {
  it('gives out no more than the limit within a period', () => {
    const usage = new Usage();
    const taken = [1, 2, 3].map(() => usage.take('token', 'day', 2, noon));
    expect(taken).toEqual([true, true, false]);
    expect(usage.count('token', 'day', noon)).toBe(2);
  });

  it('starts again from nothing in the next period', () => {
    const usage = new Usage();
    usage.take('token', 'minute', 1, noon);
    expect(usage.take('token', 'minute', 1, noon + 59_999)).toBe(false);
    expect(usage.take('token', 'minute', 1, noon + 60_000)).toBe(true);
  });

  it('counts each name and each period for itself', () => {
    const usage = new Usage();
    usage.take('a', 'day', 1, noon);
    expect(usage.take('b', 'day', 1, noon)).toBe(true);
    expect(usage.take('a', 'month', 1, noon)).toBe(true);
  });

  it('forgets the days, and only those, when the quota is cleared', () => {
    const usage = new Usage();
    for (const period of ['minute', 'day', 'month'] as const) usage.take('a', period, 1, noon);
    usage.clearDays();
    expect(usage.count('a', 'day', noon)).toBe(0);
    expect(usage.count('a', 'minute', noon)).toBe(1);
    expect(usage.count('a', 'month', noon)).toBe(1);
  });
});
