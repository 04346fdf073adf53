import {
  budgetsOf,
  conflictTimes,
  type KeeperState,
  type Phase,
  phaseOf,
  type RefreshPolicy,
} from '@zhongkong/jobs';
import { secondsLeft } from '@zhongkong/shared';

/** What the gauges say of one app, or of several at once. */
export interface AppReading {
  readonly expiresInSeconds: number;
  /** Null: there is no token. */
  readonly ageSeconds: number | null;
  /** Null: of several apps. */
  readonly version: number | null;
  readonly failures: number;
  readonly failureKinds: readonly string[];
  readonly isConflict: boolean;
  readonly budgets: readonly Budget[];
}

interface Budget {
  readonly budget: string;
  readonly used: number;
  readonly limit: number;
}

export function readApp(
  state: KeeperState,
  policy: RefreshPolicy,
  nowMs: number,
): { reading: AppReading; phase: Phase } {
  const { record, failure } = state;
  const reading = {
    expiresInSeconds: record === null ? 0 : secondsLeft(record, nowMs),
    ageSeconds: record === null ? null : Math.max(0, (nowMs - record.obtainedAtMs) / 1000),
    version: record?.version ?? 0,
    failures: failure?.count ?? 0,
    failureKinds: failure === null ? [] : [failure.kind],
    isConflict: conflictTimes(state, nowMs).length > 0,
    budgets: budgetsOf(state.usage, policy, nowMs),
  };
  return { reading, phase: phaseOf(state, nowMs) };
}

/** Of each number the one that is worse, so that an alert on the apps without series of their own misses none. */
export function worseOf(one: AppReading, other: AppReading): AppReading {
  return {
    expiresInSeconds: Math.min(one.expiresInSeconds, other.expiresInSeconds),
    ageSeconds:
      one.ageSeconds === null || other.ageSeconds === null
        ? (one.ageSeconds ?? other.ageSeconds)
        : Math.max(one.ageSeconds, other.ageSeconds),
    version: null,
    failures: Math.max(one.failures, other.failures),
    failureKinds: [...new Set([...one.failureKinds, ...other.failureKinds])],
    isConflict: one.isConflict || other.isConflict,
    budgets: worseBudgets(one.budgets, other.budgets),
  };
}

function worseBudgets(one: readonly Budget[], other: readonly Budget[]): Budget[] {
  const worst = new Map<string, Budget>();
  for (const use of [...one, ...other]) {
    const known = worst.get(use.budget);
    if (known === undefined || shareOf(use) > shareOf(known)) worst.set(use.budget, use);
  }
  return [...worst.values()];
}

function shareOf({ used, limit }: Budget): number {
  return limit === 0 ? 0 : used / limit;
}
