import type { Clock } from '@zhongkong/shared';

/** A clock that goes only when it is moved. */
export interface ManualClock extends Clock {
  pass(seconds: number): void;
}

export function manualClock(startMs = Date.UTC(2026, 10, 22, 3)): ManualClock {
  let nowMs = startMs;
  return {
    nowMs: () => nowMs,
    pass(seconds) {
      nowMs += seconds * 1000;
    },
  };
}
