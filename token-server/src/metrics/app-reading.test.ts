import { describe, expect, it } from '@jest/globals';
import { type AppReading, worseOf } from './app-reading.js';

const good: AppReading = {
  expiresInSeconds: 7000,
  ageSeconds: 200,
  version: 7,
  failures: 0,
  failureKinds: [],
  isConflict: false,
  budgets: [{ budget: 'fetches', used: 20, limit: 2000 }],
};

describe('what is said of several apps at once', () => {
  it('is the worse number of each', () => {
    const bad: AppReading = {
      expiresInSeconds: 0,
      ageSeconds: null,
      version: 0,
      failures: 3,
      failureKinds: ['misconfigured'],
      isConflict: true,
      budgets: [
        { budget: 'fetches', used: 10, limit: 10 },
        { budget: 'forced', used: 0, limit: 0 },
      ],
    };
    const both: AppReading = { ...bad, ageSeconds: 200, version: null };
    expect([worseOf(good, bad), worseOf(bad, good)]).toEqual([both, both]);
    expect(worseOf(good, { ...good, ageSeconds: 300 }).ageSeconds).toBe(300);
  });
});
