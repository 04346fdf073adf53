import { nextShanghaiDayAtMs, shanghaiDay } from '@zhongkong/shared';
import type { RefreshPolicy } from './policy.js';
import type { RefreshReason } from './refresh-reason.js';
import { againAtMs } from './spacing.js';

/** What was asked of the platform on one of its quota days (Asia/Shanghai). */
export interface Usage {
  readonly day: string;
  /** Calls of a token endpoint, forced ones included. */
  readonly fetches: number;
  readonly forced: number;
  readonly lastForcedAtMs: number | null;
}

export const noUsage: Usage = { day: '', fetches: 0, forced: 0, lastForcedAtMs: null };

export interface Spending {
  readonly reason: RefreshReason;
  readonly force: boolean;
}

/** A tenth of the day's budget is kept back for the schedule: clients' word alone can never use up the day. */
const RESERVE_SHARE = 0.1;

/** The instant from which the spending is allowed: not later than `nowMs` when it is allowed now. */
export function affordableAtMs(
  usage: Usage,
  spending: Spending,
  policy: RefreshPolicy,
  nowMs: number,
): number {
  const today = ofToday(usage, nowMs);
  const tomorrowMs = nextShanghaiDayAtMs(nowMs);
  if (policy.mode === 'classic' && today.fetches >= fetchesAllowed(spending.reason, policy))
    return tomorrowMs;
  if (!spending.force) return nowMs;
  if (today.forced >= policy.forceBudget) return tomorrowMs;
  const { lastForcedAtMs } = today;
  return lastForcedAtMs === null ? nowMs : againAtMs(lastForcedAtMs, policy.forceSpacingMs, nowMs);
}

/** The usage after one more call. */
export function spend(usage: Usage, spending: Spending, nowMs: number): Usage {
  const today = ofToday(usage, nowMs);
  return {
    day: today.day,
    fetches: today.fetches + 1,
    forced: today.forced + (spending.force ? 1 : 0),
    lastForcedAtMs: spending.force ? nowMs : today.lastForcedAtMs,
  };
}

/** Of what two servers counted: what the later day has, and of one day the larger count. */
export function moreUsed(one: Usage, other: Usage): Usage {
  const isMore = one.day === other.day ? one.fetches > other.fetches : one.day > other.day;
  return isMore ? one : other;
}

/** The usage without a call that never reached the platform. Its distance to the next forced one is kept all the same. */
export function refund(usage: Usage, { force }: Spending): Usage {
  return { ...usage, fetches: usage.fetches - 1, forced: usage.forced - (force ? 1 : 0) };
}

export interface BudgetUse {
  readonly budget: 'fetches' | 'forced';
  readonly used: number;
  readonly limit: number;
}

/** From this share of a budget on, people are warned. */
const WARN_FROM_SHARE = 0.8;

/** The warnings that this spending, which is counted in the usage already, gives rise to. */
export function newBudgetWarnings(
  usage: Usage,
  { force }: Spending,
  policy: RefreshPolicy,
  nowMs: number,
): BudgetUse[] {
  return budgetsOf(usage, policy, nowMs).filter(({ budget, used, limit }) => {
    const warnFrom = limit * WARN_FROM_SHARE;
    return limit > 0 && (budget === 'fetches' || force) && used >= warnFrom && used - 1 < warnFrom;
  });
}

/** What was used today of what is allowed; normal calls of stable mode have no limit that could be reached. */
export function budgetsOf(usage: Usage, policy: RefreshPolicy, nowMs: number): BudgetUse[] {
  const { fetches, forced } = ofToday(usage, nowMs);
  return policy.mode === 'classic'
    ? [{ budget: 'fetches', used: fetches, limit: policy.dailyBudget }]
    : [{ budget: 'forced', used: forced, limit: policy.forceBudget }];
}

function fetchesAllowed(reason: RefreshReason, policy: RefreshPolicy): number {
  const onClientsWord = reason === 'passive';
  return onClientsWord
    ? policy.dailyBudget - Math.ceil(policy.dailyBudget * RESERVE_SHARE)
    : policy.dailyBudget;
}

function ofToday(usage: Usage, nowMs: number): Usage {
  const day = shanghaiDay(nowMs);
  return usage.day === day ? usage : { ...noUsage, day, lastForcedAtMs: usage.lastForcedAtMs };
}
