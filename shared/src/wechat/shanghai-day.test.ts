import { describe, expect, it } from '@jest/globals';
import { nextShanghaiDayAtMs, shanghaiDay } from './shanghai-day.js';

describe("the platform's quota day", () => {
  it('begins at midnight in Shanghai, which is 16:00 in UTC', () => {
    expect(shanghaiDay(Date.UTC(2026, 10, 22, 15, 59, 59))).toBe('2026-11-22');
    expect(shanghaiDay(Date.UTC(2026, 10, 22, 16, 0, 0))).toBe('2026-11-23');
  });

  it('has a next one that begins strictly later', () => {
    const midnightMs = Date.UTC(2026, 10, 22, 16);
    expect(nextShanghaiDayAtMs(midnightMs - 1)).toBe(midnightMs);
    expect(nextShanghaiDayAtMs(midnightMs)).toBe(midnightMs + 86_400_000);
  });
});
