import { describe, expect, it } from '@jest/globals';
import { connectionsFor } from './limit-connections.js';

describe('the limit of connections', () => {
  it.each([
    [15_000, Number.POSITIVE_INFINITY, 15_000, false],
    [15_000, 15_512, 15_000, false],
    [15_000, 4_096, 3_584, true],
    [15_000, 256, 1, true],
    [100, 4_096, 100, false],
  ])('of %d with %d open files is %d, with a warning if that is fewer', (wished, files, max, isLower) => {
    const { warning, ...limit } = connectionsFor(wished, files);
    expect([limit.max, warning !== undefined]).toEqual([max, isLower]);
  });
});
