/**
 * Time passed since a moment, told from two clocks. The monotonic one does not jump, but stands still while a
 * cloud function's machine is frozen; the wall clock goes on then, but jumps when it is corrected.
 */
export interface Stopwatch {
  /** By the monotonic clock: what to trust for "must not be used any more". */
  steadyMs(): number;
  /** By whichever clock shows more: what to trust for "better ask again". */
  atMostMs(): number;
}

export function startStopwatch(): Stopwatch {
  const steadyStart = performance.now();
  const wallStart = Date.now();
  const steadyMs = () => performance.now() - steadyStart;
  return { steadyMs, atMostMs: () => Math.max(steadyMs(), Date.now() - wallStart) };
}
