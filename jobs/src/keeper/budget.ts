import { nextShanghaiDayAtMs, shanghaiDay } from '@zhongkong/shared';
import type { RefreshPolicy, RefreshReason } from './policy.js';
import type { Usage } from './state.js';
import { againAtMs, RARE_TRY_MS } from './timing.js';

export interface Spending {
  readonly reason: RefreshReason;
  readonly force: boolean;
}

/** A tenth of the day's budget is kept back for the schedule: reports alone can never use up the day. */
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
  if (policy.mode === 'classic' && today.fetches >= fetchesAllowed(spending.reason, policy)) {
    // A budget that is used up does not mean that WeChat's is: a rare try goes on.
    const rareAtMs = againAtMs(usage.lastFetchAtMs ?? nowMs - RARE_TRY_MS, RARE_TRY_MS, nowMs);
    return Math.min(tomorrowMs, rareAtMs);
  }
  if (!spending.force) return nowMs;
  if (today.forced >= policy.forceBudget) return tomorrowMs;
  const { lastForcedAtMs } = today;
  return lastForcedAtMs === null ? nowMs : againAtMs(lastForcedAtMs, policy.forceSpacingMs, nowMs);
}

/** The usage after one more fetch. */
export function spend(usage: Usage, spending: Spending, nowMs: number): Usage {
  const today = ofToday(usage, nowMs);
  return {
    day: today.day,
    fetches: today.fetches + 1,
    forced: today.forced + (spending.force ? 1 : 0),
    lastForcedAtMs: spending.force ? nowMs : today.lastForcedAtMs,
    lastFetchAtMs: nowMs,
  };
}

/** Of what two servers counted: the later day, and of one day the larger count. */
export function higherUsage(one: Usage, other: Usage): Usage {
  const isMore = one.day === other.day ? one.fetches > other.fetches : one.day > other.day;
  return isMore ? one : other;
}

/** The usage without a fetch that never reached WeChat. Its distance to the next forced one is kept. */
export function refund(usage: Usage, { force }: Pick<Spending, 'force'>): Usage {
  return { ...usage, fetches: usage.fetches - 1, forced: usage.forced - (force ? 1 : 0) };
}

/** So many failed tries in a row are made quickly; a share of what is left, so that many short outages leave enough. */
const QUICK_TRIES_MAX = 30;
const QUICK_TRIES_SHARE = 1 / 20;

/**
 * The shortest wait after failed fetches that were counted. In classic mode an outage of a whole day must not use up the
 * day's budget: after some quick tries, the rest of what reports may use is spread over the rest of the day.
 * @param triesInARow failed fetches in a row, 1 or more
 */
export function spreadWaitMs(
  usage: Usage,
  policy: RefreshPolicy,
  triesInARow: number,
  nowMs: number,
): number {
  if (policy.mode !== 'classic') return 0;
  const left = fetchesAllowed('passive', policy) - ofToday(usage, nowMs).fetches;
  if (triesInARow <= Math.min(QUICK_TRIES_MAX, left * QUICK_TRIES_SHARE)) return 0;
  if (left <= 0) return RARE_TRY_MS;
  return Math.min(RARE_TRY_MS, (nextShanghaiDayAtMs(nowMs) - nowMs) / left);
}

export interface BudgetUse {
  readonly budget: 'fetches' | 'forced';
  readonly used: number;
  readonly limit: number;
  /** From 80 % on. */
  readonly almostUsedUp: boolean;
}

/** From this share of a budget on, operators are warned. */
const WARN_FROM_SHARE = 0.8;

/** The budgets that this spending, which is counted in the usage already, has brought to the warning mark. */
export function newBudgetWarnings(
  usage: Usage,
  { force }: Pick<Spending, 'force'>,
  policy: RefreshPolicy,
  nowMs: number,
): BudgetUse[] {
  const before = new Map(
    budgetsOf(refund(usage, { force }), policy, nowMs).map((use) => [use.budget, use.almostUsedUp]),
  );
  return budgetsOf(usage, policy, nowMs).filter(
    ({ budget, almostUsedUp }) => almostUsedUp && before.get(budget) === false,
  );
}

/** What was used today of what is allowed. Unforced fetches have no limit in stable mode that could be reached. */
export function budgetsOf(usage: Usage, policy: RefreshPolicy, nowMs: number): BudgetUse[] {
  const { fetches, forced } = ofToday(usage, nowMs);
  return policy.mode === 'classic'
    ? [budgetUse('fetches', fetches, policy.dailyBudget)]
    : [budgetUse('forced', forced, policy.forceBudget)];
}

function budgetUse(budget: BudgetUse['budget'], used: number, limit: number): BudgetUse {
  return { budget, used, limit, almostUsedUp: limit > 0 && used >= limit * WARN_FROM_SHARE };
}

function fetchesAllowed(reason: RefreshReason, policy: RefreshPolicy): number {
  const { dailyBudget } = policy;
  return reason === 'passive' ? dailyBudget - Math.ceil(dailyBudget * RESERVE_SHARE) : dailyBudget;
}

function ofToday(usage: Usage, nowMs: number): Usage {
  const day = shanghaiDay(nowMs);
  return usage.day === day ? usage : { ...usage, day, fetches: 0, forced: 0 };
}
