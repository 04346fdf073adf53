import { describe, expect, it } from '@jest/globals';
import { backOffMs } from './back-off.js';

describe('the back-off', () => {
  it('doubles with each failure up to its bound, and is spread over half of that', () => {
    const after = (failures: number, random: number) =>
      backOffMs({ firstMs: 200, maxMs: 1_000, failures, random });
    expect([1, 2, 3, 4, 1_000].map((failures) => after(failures, 1))).toEqual([200, 400, 800, 1_000, 1_000]);
    expect([0, 0.5].map((random) => after(1, random))).toEqual([100, 150]);
  });
});
