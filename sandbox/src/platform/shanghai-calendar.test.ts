import { describe, expect, it } from '@jest/globals';
import { shanghaiDay, shanghaiMonth } from './shanghai-calendar.js';

describe('shanghaiDay', () => {
  it('begins at 16:00 UTC, which is midnight in Shanghai', () => {
    const before = Date.parse('2026-11-22T15:59:59.999Z');
    expect(shanghaiDay(before + 1)).toBe(shanghaiDay(before) + 1);
    expect(shanghaiDay(before)).toBe(shanghaiDay(Date.parse('2026-11-21T16:00:00Z')));
  });
});

describe('shanghaiMonth', () => {
  it('begins at 16:00 UTC of the last day, across years too', () => {
    const before = Date.parse('2026-12-31T15:59:59.999Z');
    expect(shanghaiMonth(before + 1)).toBe(shanghaiMonth(before) + 1);
  });
});
