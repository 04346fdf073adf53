export interface BackOff {
  readonly firstMs: number;
  readonly maxMs: number;
  /** Failed tries in a row: 1 or more. */
  readonly failures: number;
  /** 0 ≤ random < 1. */
  readonly random: number;
}

/**
 * The wait before the next try, in milliseconds: it doubles with each failure up to `maxMs`, and is spread over half of
 * that, so that those who failed together do not come back together.
 */
export function backOffMs({ firstMs, maxMs, failures, random }: BackOff): number {
  return Math.min(maxMs, firstMs * 2 ** (failures - 1)) * (0.5 + random / 2);
}
