import { describe, expect, it } from '@jest/globals';
import { type FailedTry, pauseAfter, repeat, Tries } from './tries.js';

const failed: FailedTry = {
  triesMax: 3,
  firstPauseMs: 500,
  maxPauseMs: 2_000,
  failures: 1,
  leftMs: 10_000,
  random: 1,
};

describe('a request that failed in passing', () => {
  it.each<[string, Partial<FailedTry>, number | undefined]>([
    ['the first try', {}, 500],
    ['the first try, with other luck', { random: 0 }, 250],
    ['the second try', { failures: 2 }, 1_000],
    ['the last try', { failures: 3 }, undefined],
    ['the only try', { triesMax: 1 }, undefined],
    ['many tries, never longer than the longest pause', { failures: 9, triesMax: 10 }, 2_000],
    ['a try that took nearly all the time', { leftMs: 500 }, undefined],
    ['an answer that asks for a pause', { retryAfterMs: 3_000 }, 3_000],
    ['an answer that asks for a short pause', { retryAfterMs: 1 }, 500],
    ['an answer that asks for more than there is', { retryAfterMs: 10_000 }, undefined],
  ])('is sent again after %s in that time', (_name, change, pauseMs) => {
    expect(pauseAfter({ ...failed, ...change })).toBe(pauseMs);
  });
});

describe('the loop', () => {
  const limits = { triesMax: 3, tryMs: 1_000, wholeMs: 2_000, firstPauseMs: 1, maxPauseMs: 1 };
  const again = { judge: () => ({}), judgeError: () => ({}) };

  it('ends with the last answer, or the last error', async () => {
    let calls = 0;
    const attempt = async () => ++calls;
    expect(await repeat(new Tries(limits), { ...again, attempt })).toBe(3);
    const failing = async () => Promise.reject(new Error(`try ${++calls}`));
    await expect(repeat(new Tries(limits), { ...again, attempt: failing })).rejects.toThrow('try 6');
  });

  it('never repeats what is not judged to pass', async () => {
    let calls = 0;
    const steps = { attempt: async () => ++calls, judge: () => undefined, judgeError: () => undefined };
    expect(await repeat(new Tries(limits), steps)).toBe(1);
  });

  it('counts the tries of one call, however often it is entered', async () => {
    const tries = new Tries(limits);
    let calls = 0;
    const attempt = async () => ++calls;
    await repeat(tries, { ...again, attempt });
    await repeat(tries, { ...again, attempt });
    expect(calls).toBe(4);
  });

  it('gives a try no more than what is left', async () => {
    const tries = new Tries({ ...limits, wholeMs: 600 });
    expect(tries.begin()).toBe(600);
  });

  it('ends in the middle of a pause when it is closed', async () => {
    const closing = new AbortController();
    const tries = new Tries({ ...limits, wholeMs: 1e6, firstPauseMs: 1e5, maxPauseMs: 1e5 });
    const attempt = async () => {
      setImmediate(() => closing.abort());
      throw new Error('the only try');
    };
    await expect(repeat(tries, { ...again, attempt, closed: closing.signal })).rejects.toThrow(
      'the only try',
    );
  });
});
