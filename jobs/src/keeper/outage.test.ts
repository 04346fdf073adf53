import { describe, expect, it } from '@jest/globals';
import { budgetsOf } from './budget.js';
import type { FetchFailure } from './event.js';
import { defaultPolicy } from './policy.js';
import { emptyState } from './state.js';
import { looks } from './testing/days.js';
import { liveRecord } from './view.js';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** Midnight in Shanghai. */
const START_MS = Date.UTC(2026, 10, 22, 16);

/** What classic mode does on a day on which every fetch fails in one way. */
function dayOf(failure: FetchFailure, dailyBudget: number, downMs = DAY_MS) {
  const policy = { ...defaultPolicy('classic'), dailyBudget };
  const fetchesAtMs: number[] = [];
  let used = 0;
  let healedAtMs: number | undefined;
  const wechat = {
    fetch: (_force: boolean, _state: unknown, nowMs: number) => {
      fetchesAtMs.push(nowMs);
      return nowMs < START_MS + downMs
        ? { failure }
        : { fetched: { value: `token-${fetchesAtMs.length}`, expiresInMs: 7_200_000, requestedAtMs: nowMs } };
    },
    check: () => 'unreachable' as const,
  };
  const start = { state: emptyState, nowMs: START_MS };
  for (const { state, nowMs } of looks(start, policy, wechat, START_MS + DAY_MS + 20 * MINUTE_MS)) {
    if (nowMs < START_MS + DAY_MS) used = budgetsOf(state.usage, policy, nowMs)[0]?.used ?? 0;
    if (liveRecord(state, nowMs) !== null) healedAtMs ??= nowMs;
  }
  const longestGapMs = Math.max(
    ...fetchesAtMs.slice(1).map((atMs, index) => atMs - (fetchesAtMs[index] ?? 0)),
  );
  return { fetchesAtMs, used, healedAtMs, longestGapMs };
}

const lost: FetchFailure = { kind: 'transient', errmsg: 'no answer', mayHaveSucceeded: true };
const busy: FetchFailure = { kind: 'transient', errcode: -1, errmsg: 'busy', mayHaveSucceeded: false };
const unsent: FetchFailure = { kind: 'transient', errmsg: 'HTTP 407', mayHaveSucceeded: false };

describe('an outage of a whole day in classic mode', () => {
  it.each([
    ['answers that are lost', lost, 2_000],
    ['system errors (-1)', busy, 2_000],
    ['lost answers of a test account', lost, 200],
  ])('by %s leaves the reserve of the day, and the tries go on', (_name, failure, dailyBudget) => {
    const { used, longestGapMs } = dayOf(failure, dailyBudget);
    expect(used).toBeLessThanOrEqual(dailyBudget * 0.9 + 1);
    expect(longestGapMs).toBeLessThanOrEqual(10 * MINUTE_MS);
  });

  it('by fetches that never reached WeChat costs nothing, and the tries stay close', () => {
    const { used, longestGapMs, fetchesAtMs } = dayOf(unsent, 2_000);
    expect(used).toBe(0);
    expect(fetchesAtMs.length).toBeGreaterThan(10_000);
    expect(longestGapMs).toBeLessThanOrEqual(5_000);
  });

  it('is healed within minutes of its end, also when the budget is used up', () => {
    for (const [failure, dailyBudget] of [
      [lost, 2_000],
      [busy, 20],
    ] as const) {
      const downMs = DAY_MS - 60 * MINUTE_MS;
      const { healedAtMs } = dayOf(failure, dailyBudget, downMs);
      expect((healedAtMs ?? Number.POSITIVE_INFINITY) - START_MS - downMs).toBeLessThanOrEqual(
        10 * MINUTE_MS,
      );
    }
  });

  it('of a minute is tried through quickly', () => {
    const { fetchesAtMs } = dayOf(lost, 2_000, MINUTE_MS);
    const inOutage = fetchesAtMs.filter((atMs) => atMs < START_MS + MINUTE_MS).length;
    expect(inOutage).toBeGreaterThan(12);
    expect((fetchesAtMs[inOutage] ?? 0) - START_MS - MINUTE_MS).toBeLessThanOrEqual(5_000);
  });
});
