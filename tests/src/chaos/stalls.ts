import { cleanUp } from '../helpers/clean-up.js';
import type { Span } from './timeline.js';

const BEAT_MS = 50;
/** A beat that comes later than this shows that the machine had no time for this process, and little for the others. */
const STALL_MS = 250;

/**
 * Writes down when the machine was too busy to run a timer in time. Nothing can heal while nothing runs.
 *
 * This explains the one failure of the short run (seed 115218): its limit was a time by the clock, whatever the machine
 * did meanwhile. On a quiet machine the slowest call of that run takes 0.7 s; three such runs at once, at the lowest
 * priority beside other work, stalled for 5 s each, and their slowest calls took 6.2 to 7.4 s, which is above the limit
 * of 6 s. A call of that length that then failed was counted, although no server had 6 s of work in it.
 */
export function watchStalls(): readonly Span[] {
  const stalls: Span[] = [];
  let lastMs = performance.now();
  const beat = setInterval(() => {
    const nowMs = performance.now();
    if (nowMs - lastMs > STALL_MS) stalls.push({ fromMs: lastMs, toMs: nowMs });
    lastMs = nowMs;
  }, BEAT_MS);
  cleanUp(() => clearInterval(beat));
  return stalls;
}
