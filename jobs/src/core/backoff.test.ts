import { describe, expect, it } from '@jest/globals';
import { retryAtMs, type Setback } from './backoff.js';

const nowMs = Date.UTC(2026, 10, 22, 3);
const delay = (setback: Setback, random = 0.5) => retryAtMs(setback, nowMs, random) - nowMs;

describe('back-off', () => {
  it('doubles from half a second to five while there is no living token', () => {
    const delays = [1, 2, 3, 4, 5, 50].map((count) => delay({ kind: 'transient', count, liveUntilMs: null }));
    expect(delays).toEqual([500, 1000, 2000, 4000, 5000, 5000]);
  });

  it('doubles from a second to a minute while the token lives', () => {
    const liveUntilMs = nowMs + 3_600_000;
    const delays = [1, 2, 7, 20].map((count) => delay({ kind: 'transient', count, liveUntilMs }));
    expect(delays).toEqual([1000, 2000, 60_000, 60_000]);
  });

  it('never uses up more than a quarter of the life that is left', () => {
    expect(delay({ kind: 'transient', count: 9, liveUntilMs: nowMs + 8_000 })).toBe(2_000);
  });

  it('is spread by a quarter to both sides', () => {
    const setback: Setback = { kind: 'transient', count: 3, liveUntilMs: null };
    expect([delay(setback, 0), delay(setback, 1)]).toEqual([1500, 2500]);
  });

  it('waits a minute for a minute quota, and half a minute and more for an operator', () => {
    expect(delay({ kind: 'throttled', count: 1, liveUntilMs: null })).toBe(60_000);
    const delays = [1, 2, 6].map((count) => delay({ kind: 'misconfigured', count, liveUntilMs: null }));
    expect(delays).toEqual([30_000, 60_000, 600_000]);
  });

  it("waits for the platform's next day when the day's quota is used up", () => {
    expect(retryAtMs({ kind: 'exhausted', count: 1, liveUntilMs: null }, nowMs, 0)).toBe(
      Date.UTC(2026, 10, 22, 16),
    );
  });

  it('does not lose a day when the clock of WeChat is a little behind', () => {
    const midnightMs = Date.UTC(2026, 10, 22, 16);
    const retryIn = (sinceMs: number) =>
      retryAtMs({ kind: 'exhausted', count: 1, liveUntilMs: null }, midnightMs + sinceMs, 0.5) - midnightMs;
    expect(retryIn(-1)).toBe(0);
    expect(retryIn(0)).toBe(60_000);
    expect(retryIn(599_999)).toBe(659_999);
    expect(retryIn(600_000)).toBe(86_400_000);
  });
});
