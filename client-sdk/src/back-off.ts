export interface BackOff {
  readonly firstMs: number;
  readonly maxMs: number;
  /** How many tries have failed in a row: 1 or more. */
  readonly failures: number;
  /** 0 to 1. */
  readonly random: number;
}

/**
 * How long to wait before the next try: twice as long after each failure, and spread over half of that, so that all who
 * failed together do not come back together.
 */
export function backOffMs({ firstMs, maxMs, failures, random }: BackOff): number {
  return Math.min(maxMs, firstMs * 2 ** (failures - 1)) * (0.5 + random / 2);
}
