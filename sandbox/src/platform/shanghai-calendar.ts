const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** Shanghai is UTC+8 all year, without daylight saving. */
const SHANGHAI_OFFSET_MS = 8 * 3_600_000;

/** Number of the day in Asia/Shanghai: the platform's daily quotas start anew at its midnight. */
export function shanghaiDay(nowMs: number): number {
  return Math.floor((nowMs + SHANGHAI_OFFSET_MS) / DAY_MS);
}

/** Number of the month in Asia/Shanghai, for quotas that are counted by month. */
export function shanghaiMonth(nowMs: number): number {
  const date = new Date(nowMs + SHANGHAI_OFFSET_MS);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}

/** Number of the minute since 1970. */
export function minuteOf(nowMs: number): number {
  return Math.floor(nowMs / MINUTE_MS);
}
