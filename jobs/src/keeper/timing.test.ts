import { describe, expect, it } from '@jest/globals';
import { defaultPolicy } from './policy.js';
import { type FailedTries, refreshAtMs, retryAtMs } from './timing.js';

const nowMs = 1_800_000_000_000;
const left = (seconds: number) => ({ expiresAtMs: nowMs + seconds * 1000, lifeMs: seconds * 1000 });
const dueIn = (seconds: number, mode: 'stable' | 'classic', random: number) =>
  (refreshAtMs(left(seconds), defaultPolicy(mode), nowMs, random) - nowMs) / 1000;

describe('the schedule of refreshes', () => {
  it.each([
    ['classic, 7200 s: 900 s before the end', 7200, 'classic', 0, 6300],
    ['classic, 7200 s: at the latest a minute after the lead began', 7200, 'classic', 1, 6360],
    ['stable, 7200 s: inside the last 300 s, where WeChat renews', 7200, 'stable', 0, 6910],
    ['stable, 7200 s: never outside them', 7200, 'stable', 1, 6970],
    ['a token met half-way through its life', 345, 'stable', 0, 258.75],
    ['a 12-second token: a quarter of its life before the end', 12, 'classic', 0, 9],
    ['a 12-second token: jitter is short too', 12, 'classic', 1, 9.75],
  ] as const)('%s', (_name, seconds, mode, random, expected) => {
    expect(dueIn(seconds, mode, random)).toBeCloseTo(expected, 6);
  });

  it.each([0.1, 0, -100])('is in the future even when the token has %d s left', (seconds) => {
    expect(dueIn(seconds, 'stable', 0.5)).toBeGreaterThan(0);
  });
});

const delay = (tries: FailedTries, random = 1) => retryAtMs(tries, nowMs, random) - nowMs;

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

  it('is spread over half of the wait', () => {
    const tries: FailedTries = { kind: 'transient', count: 3, liveUntilMs: null };
    expect([delay(tries, 0), delay(tries, 1)]).toEqual([1000, 2000]);
  });

  it('waits about a minute for a minute quota, and half a minute and more for an operator', () => {
    expect(delay({ kind: 'throttled', count: 1, liveUntilMs: null })).toBe(80_000);
    const delays = [1, 2, 6].map((count) => delay({ kind: 'misconfigured', count, liveUntilMs: null }));
    expect(delays).toEqual([60_000, 120_000, 600_000]);
  });

  it('tries rarely, but does try, when a quota of the day is used up', () => {
    expect(delay({ kind: 'exhausted', count: 1, liveUntilMs: null })).toBe(600_000);
    expect(delay({ kind: 'exhausted', count: 9, liveUntilMs: null })).toBe(600_000);
  });
});
