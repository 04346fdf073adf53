import { describe, expect, it } from '@jest/globals';
import { eventually } from '../helpers/eventually.js';
import { watchStalls } from './stalls.js';

describe('the watch for stalls', () => {
  it('writes down a time in which nothing could run, and takes it from the chance to heal', async () => {
    const stalls = watchStalls();
    const fromMs = performance.now();
    while (performance.now() - fromMs < 600) {
      // Blocks this process, as a machine does that has no time for it.
    }
    const toMs = performance.now();
    await eventually('the stall', () => stalls.length > 0);
    const [stall] = stalls;
    expect(stall?.fromMs).toBeLessThanOrEqual(fromMs);
    expect(stall?.toMs).toBeGreaterThanOrEqual(toMs);
  });
});
