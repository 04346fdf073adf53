import { describe, expect, it } from '@jest/globals';
import { LastAnswers } from './last-answers.js';

describe('the last answers', () => {
  it('makes an early return of the same receiver for the same version a hint, and nothing else', () => {
    const lastAnswers = new LastAnswers();
    expect(lastAnswers.isEarly('a', 7, 0)).toBe(false);
    lastAnswers.note('a', 7, 1_000);
    expect(lastAnswers.isEarly('a', 7, 999)).toBe(true);
    expect(lastAnswers.isEarly('a', 7, 1_000)).toBe(false);
    expect(lastAnswers.isEarly('a', 8, 500)).toBe(false);
    expect(lastAnswers.isEarly('b', 7, 500)).toBe(false);
  });

  it('is forgotten, the oldest first, when it becomes too much', () => {
    const lastAnswers = new LastAnswers();
    for (let count = 0; count < 10_000; count += 1) lastAnswers.note(`receiver ${count}`, 1, 1_000);
    lastAnswers.note('receiver 0', 1, 1_000);
    lastAnswers.note('one more', 1, 1_000);
    expect(lastAnswers.isEarly('receiver 0', 1, 0)).toBe(true);
    expect(lastAnswers.isEarly('receiver 1', 1, 0)).toBe(false);
    expect(lastAnswers.isEarly('receiver 2', 1, 0)).toBe(true);
  });
});
