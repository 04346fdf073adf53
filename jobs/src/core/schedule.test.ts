import { describe, expect, it } from '@jest/globals';
import { defaultPolicy } from './policy.js';
import { refreshAtMs } from './schedule.js';

const nowMs = 1_800_000_000_000;
const left = (seconds: number) => ({ expiresAtMs: nowMs + seconds * 1000, lifeMs: seconds * 1000 });
const dueIn = (seconds: number, mode: 'stable' | 'classic', random: number) =>
  (refreshAtMs(left(seconds), defaultPolicy(mode), nowMs, random) - nowMs) / 1000;

describe('the schedule of refreshes', () => {
  it.each([
    ['classic, 7200 s: 900 s before the end', 7200, 'classic', 0, 6300],
    ['classic, 7200 s: at the latest a minute after the lead began', 7200, 'classic', 1, 6360],
    ['stable, 7200 s: inside the last 300 s, where the platform renews', 7200, 'stable', 0, 6910],
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
