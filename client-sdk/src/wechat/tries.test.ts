import { describe, expect, it } from '@jest/globals';
import { type FailedTry, pauseBeforeRepeating } from './tries.js';

const failed: FailedTry = { repeats: 0, repeatsMax: 2, leftMs: 10_000, random: 1 };

describe('a call of the platform that failed in passing', () => {
  it.each<[string, Partial<FailedTry>, number | undefined]>([
    ['the first try', {}, 500],
    ['the first try, with other luck', { random: 0 }, 250],
    ['the second try', { repeats: 1 }, 1_000],
    ['the last try', { repeats: 2 }, undefined],
    ['the only try', { repeatsMax: 0 }, undefined],
    ['a try that took nearly all the time', { leftMs: 500 }, undefined],
    ['an answer that asks for a pause', { retryAfterMs: 3_000 }, 3_000],
    ['an answer that asks for a short pause', { retryAfterMs: 1 }, 500],
    ['an answer that asks for more than there is', { retryAfterMs: 10_000 }, undefined],
  ])('is sent again after %s in that time', (_name, change, pauseMs) => {
    expect(pauseBeforeRepeating({ ...failed, ...change })).toBe(pauseMs);
  });
});
