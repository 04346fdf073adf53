/** China has kept UTC+8 without summer time since 1991, so WeChat's quota day needs no time-zone data. */
const SHANGHAI_OFFSET_MS = 8 * 3_600_000;
const DAY_MS = 86_400_000;

/** WeChat's quota day at an instant, as `YYYY-MM-DD`. */
export function shanghaiDay(nowMs: number): string {
  return new Date(nowMs + SHANGHAI_OFFSET_MS).toISOString().slice(0, 10);
}

/** The instant at which the next quota day begins. */
export function nextShanghaiDayAtMs(nowMs: number): number {
  return (Math.floor((nowMs + SHANGHAI_OFFSET_MS) / DAY_MS) + 1) * DAY_MS - SHANGHAI_OFFSET_MS;
}
