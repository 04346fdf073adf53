import { describe, expect, it } from '@jest/globals';
import { isLive, nextVersion, refreshInSeconds, secondsLeft } from './lifetime.js';

const nowMs = 1_800_000_000_000;
const living = (lifeSeconds: number, leftSeconds = lifeSeconds) => ({
  expiresAtMs: nowMs + leftSeconds * 1000,
  lifeMs: lifeSeconds * 1000,
});

describe('the life of a token', () => {
  it.each([
    [living(7200), 7200],
    [living(7200, 0.999), 0],
    [living(7200, -5), 0],
  ])('counts whole seconds that are left, rounded down and never negative', (lifetime, expected) => {
    expect(secondsLeft(lifetime, nowMs)).toBe(expected);
  });

  it('ends with the last whole second', () => {
    expect(isLive(living(7200, 1), nowMs)).toBe(true);
    expect(isLive(living(7200, 0.999), nowMs)).toBe(false);
  });

  it.each([
    ['a minute at most', living(7200), 60],
    ['a tenth of the whole life at most, not of what is left', living(345, 100), 34],
    ['a tenth of twelve seconds, rounded down', living(12), 1],
    ['at once, when a tenth is less than a second', living(9), 0],
    ['never later than the end', living(7200, 20), 20],
  ])('asks clients to come back in %s', (_name, lifetime, expected) => {
    expect(refreshInSeconds(lifetime, nowMs)).toBe(expected);
  });

  it('numbers versions so that they grow even when the count was lost', () => {
    expect(nextVersion(0, nowMs)).toBe(1_800_000_000);
    expect(nextVersion(1_800_000_000, nowMs)).toBe(1_800_000_001);
    expect(nextVersion(1_900_000_000, nowMs)).toBe(1_900_000_001);
  });
});
