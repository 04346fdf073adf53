import { describe, expect, it } from '@jest/globals';
import { Handouts } from './handouts.js';

describe('what was handed out', () => {
  it('makes an early return of the same receiver for the same version a hint, and nothing else', () => {
    const handouts = new Handouts();
    expect(handouts.isEarly('a', 7, 0)).toBe(false);
    handouts.note('a', 7, 1_000);
    expect(handouts.isEarly('a', 7, 999)).toBe(true);
    expect(handouts.isEarly('a', 7, 1_000)).toBe(false);
    expect(handouts.isEarly('a', 8, 500)).toBe(false);
    expect(handouts.isEarly('b', 7, 500)).toBe(false);
  });

  it('is forgotten, the oldest first, when it becomes too much', () => {
    const handouts = new Handouts();
    for (let count = 0; count < 10_000; count += 1) handouts.note(`receiver ${count}`, 1, 1_000);
    handouts.note('receiver 0', 1, 1_000);
    handouts.note('one more', 1, 1_000);
    expect(handouts.isEarly('receiver 0', 1, 0)).toBe(true);
    expect(handouts.isEarly('receiver 1', 1, 0)).toBe(false);
    expect(handouts.isEarly('receiver 2', 1, 0)).toBe(true);
  });
});
