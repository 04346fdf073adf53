import { describe, expect, it } from '@jest/globals';
import type { Moment } from '../http/clock.js';
import { confirm, freshUntil, leftMs, phaseOf, toHeldToken } from './held-token.js';

const at = (steadySeconds: number, wallSeconds = steadySeconds): Moment => ({
  steadyMs: steadySeconds * 1000,
  wallMs: wallSeconds * 1000,
});
const facts = { accessToken: 't', version: 1, expiresIn: 7200, refreshIn: 60 };
const held = toHeldToken(facts, at(0));

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
    expect(phaseOf(held, at(seconds))).toBe(phase);
  });

  it('is fresh again when the server confirms it, and lives no longer for that', () => {
    const confirmed = confirm(held, at(6_999));
    expect(phaseOf(confirmed, at(7_000))).toBe('fresh');
    expect(leftMs(confirmed, at(7_000))).toBe(200_000);
  });

  it('is stale, not expired, when only the wall clock says so: the machine was frozen, or its clock was corrected', () => {
    expect(phaseOf(held, at(1, 100_000))).toBe('stale');
  });

  it('is not made younger by a wall clock that was set back', () => {
    expect(phaseOf(held, at(130, -600))).toBe('stale');
  });

  it('that lives for seconds only is asked about twice a second at most', () => {
    const short = toHeldToken({ ...facts, expiresIn: 5, refreshIn: 0 }, at(0));
    expect(phaseOf(short, at(0.4))).toBe('fresh');
    expect(phaseOf(short, at(0.6))).toBe('renew');
  });

  it('is asked about once a minute at least, whatever the server says', () => {
    const long = toHeldToken({ ...facts, refreshIn: 86_400 }, at(0));
    expect(phaseOf(long, at(61))).toBe('renew');
    expect(phaseOf(long, at(121))).toBe('stale');
  });

  it.each([
    ['has just said something', 1_000, 1_001, 'fresh'],
    ['has been silent for longer than it may', 1_000, 1_020, 'stale'],
    ['speaks of a token that has ended', 7_200, 7_201, 'expired'],
  ])('beside a stream that %s is judged so', (_name, heard, now, phase) => {
    expect(phaseOf(held, at(now), at(heard))).toBe(phase);
  });

  it('is never called fresh in advance for longer than its phase is', () => {
    for (const [token, heard] of [
      [held, undefined],
      [confirm(held, at(7_190)), undefined],
      [held, at(100)],
      [toHeldToken({ ...facts, expiresIn: 2, refreshIn: 0 }, at(0)), at(1)],
    ] as const) {
      const { steadyMs, wallMs } = freshUntil(token, heard);
      const justBefore = { steadyMs: steadyMs - 1, wallMs: wallMs - 1 };
      const from = heard ?? token.confirmed;
      expect(phaseOf(token, { ...from, steadyMs: justBefore.steadyMs }, heard)).toBe('fresh');
      expect(phaseOf(token, { ...from, steadyMs }, heard)).not.toBe('fresh');
      expect(phaseOf(token, { ...from, wallMs: justBefore.wallMs }, heard)).toBe('fresh');
      // The wall clock also ends it with the token itself, whose end only the monotonic one decides.
      const isEnd = wallMs === token.given.wallMs + token.expiresIn * 1000;
      expect(phaseOf(token, { ...from, wallMs }, heard) === 'fresh').toBe(isEnd);
    }
  });
});
