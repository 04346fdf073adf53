import { describe, expect, it } from '@jest/globals';
import { affordableAtMs, budgetsOf, higherUsage, newBudgetWarnings, spend } from './budget.js';
import { defaultPolicy } from './policy.js';
import { noUsage, type Usage } from './state.js';

const nowMs = Date.UTC(2026, 10, 22, 3);
const tomorrowMs = Date.UTC(2026, 10, 22, 16);
const classic = { ...defaultPolicy('classic'), dailyBudget: 10 };
const stable = { ...defaultPolicy('stable'), dailyBudget: 10 };
const used = (fetches: number): Usage => ({
  ...noUsage,
  day: '2026-11-22',
  fetches,
  lastFetchAtMs: nowMs,
});
const forced = (count: number, secondsAgo: number): Usage => ({
  ...used(count),
  forced: count,
  lastForcedAtMs: nowMs - secondsAgo * 1000,
});

describe('the budget of a day', () => {
  it.each([
    ['the schedule may use all of it', 'scheduled', 9, true],
    ['and not more', 'scheduled', 10, false],
    ['reports leave a tenth', 'passive', 8, true],
    ['and reports may not touch that tenth', 'passive', 9, false],
    ['a recovery may', 'recovery', 9, true],
  ] as const)('in classic mode: %s', (_name, reason, fetches, allowed) => {
    const atMs = affordableAtMs(used(fetches), { reason, force: false }, classic, nowMs);
    expect(atMs).toBe(allowed ? nowMs : nowMs + 600_000);
  });

  it('when it is used up, leaves a rare try: ten minutes after the last one', () => {
    const spending = { reason: 'scheduled', force: false } as const;
    const lastFetchAtMs = nowMs - 599_000;
    expect(affordableAtMs({ ...used(10), lastFetchAtMs }, spending, classic, nowMs)).toBe(nowMs + 1_000);
    expect(affordableAtMs({ ...used(10), lastFetchAtMs }, spending, classic, nowMs + 1_000)).toBe(
      nowMs + 1_000,
    );
    expect(
      affordableAtMs({ ...used(10), lastFetchAtMs: tomorrowMs - 1_000 }, spending, classic, tomorrowMs - 500),
    ).toBe(tomorrowMs);
  });

  it('does not bind normal calls in stable mode, which cost nothing', () => {
    expect(affordableAtMs(used(5000), { reason: 'passive', force: false }, stable, nowMs)).toBe(nowMs);
  });

  it('binds forced calls to 20 a day and 30 s apart', () => {
    const force = { reason: 'passive', force: true } as const;
    expect(affordableAtMs(forced(19, 31), force, stable, nowMs)).toBeLessThanOrEqual(nowMs);
    expect(affordableAtMs(forced(20, 31), force, stable, nowMs)).toBe(tomorrowMs);
    expect(affordableAtMs(forced(1, 10), force, stable, nowMs)).toBe(nowMs + 20_000);
  });

  it('of two servers is what the later day has, and of one day the larger count', () => {
    const morning = { ...noUsage, day: '2026-11-22', fetches: 1 };
    const lastEvening = { ...noUsage, day: '2026-11-21', fetches: 12 };
    const noon = { ...morning, fetches: 5 };
    expect([higherUsage(morning, lastEvening), higherUsage(lastEvening, morning)]).toEqual([
      morning,
      morning,
    ]);
    expect([higherUsage(morning, noon), higherUsage(noon, morning)]).toEqual([noon, noon]);
  });

  it('starts anew with the day in Shanghai, but keeps the distance of forced calls', () => {
    const force = { reason: 'passive', force: true } as const;
    const lastEvening = {
      ...noUsage,
      day: '2026-11-21',
      fetches: 2000,
      forced: 20,
      lastForcedAtMs: nowMs - 10_000,
    };
    expect(affordableAtMs(lastEvening, { reason: 'scheduled', force: false }, classic, nowMs)).toBe(nowMs);
    expect(affordableAtMs(lastEvening, force, stable, nowMs)).toBe(nowMs + 20_000);
    expect(spend(lastEvening, force, nowMs)).toEqual({
      day: '2026-11-22',
      fetches: 1,
      forced: 1,
      lastForcedAtMs: nowMs,
      lastFetchAtMs: nowMs,
    });
  });
});

describe('warnings of a budget', () => {
  const spentBy = (usage: Usage, force = false) =>
    newBudgetWarnings(usage, { force }, force ? stable : classic, nowMs).map(({ used }) => used);

  it('come once, with the spending that reaches four fifths of it', () => {
    expect([7, 8, 9, 10].flatMap((fetches) => spentBy(used(fetches)))).toEqual([8]);
    expect([15, 16, 17].flatMap((count) => spentBy(forced(count, 0), true))).toEqual([16]);
  });

  it('show in what operators see of it as long as it lasts', () => {
    const isAlmostUsedUp = (fetches: number) =>
      budgetsOf(used(fetches), classic, nowMs).map(({ almostUsedUp }) => almostUsedUp);
    expect([7, 8, 10].flatMap(isAlmostUsedUp)).toEqual([false, true, true]);
    expect(budgetsOf(used(10), classic, tomorrowMs)).toMatchObject([{ used: 0, almostUsedUp: false }]);
    expect(budgetsOf(used(1), { ...classic, dailyBudget: 0 }, nowMs)).toMatchObject([
      { almostUsedUp: false },
    ]);
  });
});
