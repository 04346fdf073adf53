import { minuteOf, shanghaiDay, shanghaiMonth } from './shanghai-calendar.js';

/** How long a quota's window is; days and months are those of Asia/Shanghai. */
export type UsagePeriod = 'minute' | 'day' | 'month';

export type UsageState = Record<string, { window: number; count: number }>;

const windowOf: Record<UsagePeriod, (nowMs: number) => number> = {
  minute: minuteOf,
  day: shanghaiDay,
  month: shanghaiMonth,
};

/** Counts what an app has used up of its quotas. Plain data inside, so that it can be kept in a file. */
export class Usage {
  readonly state: UsageState;

  constructor(state: UsageState = {}) {
    this.state = state;
  }

  /** Uses one up. False, and nothing counted, when `limit` has been reached in the running period. */
  take(name: string, period: UsagePeriod, limit: number, nowMs: number): boolean {
    const count = this.count(name, period, nowMs);
    if (count >= limit) return false;
    this.state[`${period} ${name}`] = { window: windowOf[period](nowMs), count: count + 1 };
    return true;
  }

  count(name: string, period: UsagePeriod, nowMs: number): number {
    const entry = this.state[`${period} ${name}`];
    return entry?.window === windowOf[period](nowMs) ? entry.count : 0;
  }

  /** What clear_quota does: every daily count starts again from nothing. */
  clearDays(): void {
    for (const key of Object.keys(this.state)) if (key.startsWith('day ')) delete this.state[key];
  }
}
