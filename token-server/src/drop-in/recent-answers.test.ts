import { describe, expect, it } from '@jest/globals';
import { createRecentAnswers } from './recent-answers.js';

describe('who was given which token a moment ago', () => {
  it('is remembered for five seconds, for each caller', () => {
    const answers = createRecentAnswers();
    answers.note('a', 7, 1_000);
    answers.note('b', 8, 2_000);
    expect([answers.recent('a', 6_000), answers.recent('a', 6_001)]).toEqual([7, undefined]);
    expect([answers.recent('b', 6_001), answers.recent('c', 1_000)]).toEqual([8, undefined]);
    answers.note('a', 9, 6_500);
    expect(answers.recent('a', 6_500)).toBe(9);
  });

  it('is forgotten, the oldest first, when there are too many to remember', () => {
    const answers = createRecentAnswers();
    for (let caller = 0; caller <= 10_000; caller += 1) answers.note(String(caller), 1, 0);
    expect([answers.recent('0', 0), answers.recent('1', 0), answers.recent('10000', 0)]).toEqual([
      undefined,
      1,
      1,
    ]);
  });
});
