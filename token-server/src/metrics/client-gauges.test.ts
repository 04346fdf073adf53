import { describe, expect, it } from '@jest/globals';
import { secondsLeft } from './client-gauges.js';

describe('the seconds left of client keys', () => {
  it('name the clients that end first, and give the least of all others; 0 when they have ended', () => {
    const ends = new Map([
      ['late', 9_000],
      ['over', 1_000],
      ['soon', 5_500],
      ['later', 99_000],
    ]);
    expect(secondsLeft(ends, 3_000, 2)).toEqual([
      ['over', 0],
      ['soon', 2],
      ['other', 6],
    ]);
  });
});
