import { describe, expect, it } from '@jest/globals';
import { confirm, hold, leftMs, phaseOf } from './held-token.js';
import type { Stopwatch } from './stopwatch.js';

const after = (steadySeconds: number, wallSeconds = steadySeconds): Stopwatch => ({
  steadyMs: () => steadySeconds * 1000,
  atMostMs: () => Math.max(steadySeconds, wallSeconds) * 1000,
});
const facts = { accessToken: 't', version: 1, expiresIn: 7200, refreshIn: 60 };

describe('a held token', () => {
  it.each([
    [0, 'fresh'],
    [59, 'fresh'],
    [60, 'renew'],
    [119, 'renew'],
    [120, 'stale'],
    [7199, 'stale'],
    [7200, 'expired'],
  ])('after %d s without a word of the server is %s', (seconds, phase) => {
    expect(phaseOf(hold(facts, after(seconds)))).toBe(phase);
  });

  it('is fresh again when the server stands by it, and lives no longer for that', () => {
    const held = confirm(hold(facts, after(7000)), after(1));
    expect(phaseOf(held)).toBe('fresh');
    expect(leftMs(held)).toBe(200_000);
  });

  it('is stale, not expired, when only the wall clock says so: the machine was frozen, or its clock was corrected', () => {
    expect(phaseOf(hold(facts, after(1, 100_000)))).toBe('stale');
  });

  it('is not made younger by a wall clock that was set back', () => {
    expect(phaseOf(hold(facts, after(130, -600)))).toBe('stale');
  });

  it('that lives for seconds only is asked about twice a second at most', () => {
    const short = { ...facts, expiresIn: 5, refreshIn: 0 };
    expect(phaseOf(hold(short, after(0.4)))).toBe('fresh');
    expect(phaseOf(hold(short, after(0.6)))).toBe('renew');
  });

  it('is asked about once a minute at least, whatever the server says', () => {
    expect(phaseOf(hold({ ...facts, refreshIn: 86_400 }, after(61)))).toBe('renew');
    expect(phaseOf(hold({ ...facts, refreshIn: 86_400 }, after(121)))).toBe('stale');
  });
});
