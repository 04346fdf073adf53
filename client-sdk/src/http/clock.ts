/**
 * Two clocks, since each has a fault. The monotonic one does not jump, but stands still while a cloud function's machine
 * is frozen; the wall clock goes on then, but jumps when it is corrected.
 */
export interface TwoClocks {
  /** Monotonic; the origin has no meaning. */
  steadyMs(): number;
  /** Milliseconds since 1970. */
  wallMs(): number;
  /** Calls back after a time by the monotonic clock; keeps no process alive. @returns how to cancel it */
  after(ms: number, callback: () => void): () => void;
}

/** One moment by both clocks. */
export interface Moment {
  readonly steadyMs: number;
  readonly wallMs: number;
}

export const systemClocks: TwoClocks = {
  steadyMs: () => performance.now(),
  wallMs: () => Date.now(),
  after(ms, callback) {
    const timer = setTimeout(callback, ms).unref();
    return () => clearTimeout(timer);
  },
};

export function momentOf(clocks: TwoClocks): Moment {
  return { steadyMs: clocks.steadyMs(), wallMs: clocks.wallMs() };
}

/** Time passed by the monotonic clock: what to trust for "must not be used any more". */
export function steadyMsBetween(then: Moment, now: Moment): number {
  return now.steadyMs - then.steadyMs;
}

/** Time passed by the clock that shows more: what to trust for "better ask again". */
export function longestMsBetween(then: Moment, now: Moment): number {
  return Math.max(now.steadyMs - then.steadyMs, now.wallMs - then.wallMs);
}
