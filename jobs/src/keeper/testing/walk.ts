import fc from 'fast-check';
import type { KeeperCommand, KeeperEvent, StepContext } from '../event.js';
import type { RefreshPolicy } from '../policy.js';
import { emptyState, type KeeperState, type Verdict } from '../state.js';
import { step } from '../step.js';

/** One move of a walk: some time goes by, then something happens. Plain data, so that a walk can be replayed. */
export interface Move {
  readonly passMs: number;
  readonly random: number;
  readonly happening:
    | { readonly is: 'woken' }
    /** A new holder; `lostSteps`: what is stored is as it was so many steps before, as after a failover of Redis. */
    | {
        readonly is: 'opened';
        readonly lostSteps: number;
        readonly inDoubt: boolean;
        readonly isStart: boolean;
        readonly credentials: string;
      }
    | {
        readonly is: 'reported';
        readonly versionOffset: number;
        readonly isHint: boolean;
        readonly isChecked: boolean;
      }
    | { readonly is: 'pushed'; readonly sameValue: boolean; readonly expiresInMs: number }
    | {
        readonly is: 'checked';
        readonly versionOffset: number;
        readonly verdict: Verdict;
        readonly onHint: boolean;
      }
    | {
        readonly is: 'fetched';
        readonly late: boolean;
        readonly sameValue: boolean;
        readonly expiresInMs: number;
        readonly tookMs: number;
      }
    | {
        readonly is: 'failed';
        readonly late: boolean;
        readonly kind: 'transient' | 'throttled' | 'exhausted' | 'misconfigured';
        readonly hasErrcode: boolean;
        readonly mayHaveSucceeded: boolean;
      };
}

const lifeMs = fc.constantFrom(500, 12_000, 345_000, 7_200_000, 7_200_000);
const late = fc.boolean();
const versionOffset = fc.constantFrom(0, 0, 0, -1, -5, 1);

const happening: fc.Arbitrary<Move['happening']> = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.record({
      is: fc.constant('opened' as const),
      lostSteps: fc.constantFrom(0, 0, 1, 5, 1_000),
      inDoubt: fc.boolean(),
      isStart: fc.boolean(),
      credentials: fc.constantFrom('secret', 'secret', 'secret', 'other secret'),
    }),
  },
  { weight: 5, arbitrary: fc.constant({ is: 'woken' } as const) },
  {
    weight: 1,
    arbitrary: fc.record({
      is: fc.constant('pushed' as const),
      sameValue: fc.boolean(),
      expiresInMs: lifeMs,
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      is: fc.constant('reported' as const),
      versionOffset,
      isHint: fc.boolean(),
      isChecked: fc.boolean(),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      is: fc.constant('checked' as const),
      versionOffset,
      verdict: fc.constantFrom<Verdict>('alive', 'dead', 'dead', 'unclear', 'unreachable'),
      onHint: fc.boolean(),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      is: fc.constant('fetched' as const),
      late,
      sameValue: fc.boolean(),
      expiresInMs: lifeMs,
      tookMs: fc.nat(6_000),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      is: fc.constant('failed' as const),
      late,
      kind: fc.constantFrom('transient', 'throttled', 'exhausted', 'misconfigured'),
      hasErrcode: fc.boolean(),
      mayHaveSucceeded: fc.boolean(),
    }),
  },
);

// Mostly moments, at times hours, so that tokens age, cooldowns end and days change.
const passMs = fc.oneof(fc.nat(2_000), fc.nat(60_000), fc.nat(8_000_000));
const random = fc.double({ min: 0, max: 0.999, noNaN: true });

export const move: fc.Arbitrary<Move> = fc.record({ passMs, random, happening });

/** The clock may be set back as well, as after a failover to a Redis with another clock. */
export const moveWithClockSet: fc.Arbitrary<Move> = fc.record({
  passMs: fc.oneof(
    { weight: 9, arbitrary: passMs },
    { weight: 1, arbitrary: fc.integer({ min: -90_000_000, max: -1 }) },
  ),
  random,
  happening,
});

/** What one step of a walk did. */
export interface Footprint {
  readonly before: KeeperState;
  readonly event: KeeperEvent;
  readonly context: StepContext;
  readonly after: KeeperState;
  readonly command: KeeperCommand | null;
}

/** Where a walk begins. */
export interface Start {
  readonly state: KeeperState;
  readonly nowMs: number;
}

const FROM_NOTHING: Start = { state: emptyState, nowMs: Date.UTC(2026, 10, 22, 3) };

/** Walks through the moves. Deterministic: the same moves make the same footprints. */
export function walk(moves: readonly Move[], policy: RefreshPolicy, start = FROM_NOTHING): Footprint[] {
  const states = [start.state];
  let { nowMs } = start;
  let credentials = 'secret';
  return moves.map(({ passMs, random, happening: what }, index) => {
    nowMs += passMs;
    if (what.is === 'opened') credentials = what.credentials;
    const origin = { upstream: 'wechat', credentials };
    const context: StepContext = { nowMs, random, attemptId: `attempt-${index}`, policy, origin };
    const before = states.at(-1) ?? emptyState;
    const stored = what.is === 'opened' ? (states.at(-1 - what.lostSteps) ?? emptyState) : before;
    const event = toEvent(what, before, nowMs, () => `value-${index}`);
    const { state: after, command } = step(stored, event, context);
    states.push(after);
    return { before, event, context, after, command };
  });
}

function toEvent(
  what: Move['happening'],
  state: KeeperState,
  nowMs: number,
  newValue: () => string,
): KeeperEvent {
  const version = state.record?.version ?? 0;
  switch (what.is) {
    case 'woken':
      return { type: 'woken' };
    case 'opened':
      return { type: 'opened', remembered: state, inDoubt: what.inDoubt, isStart: what.isStart };
    case 'reported': {
      const { isHint, isChecked } = what;
      const stale = { version: version + what.versionOffset };
      return {
        type: 'reported',
        stale,
        versionAtArrival: version,
        isHint,
        isChecked,
        patienceMs: 3_000,
        maxCheckAgeMs: 0,
      };
    }
    case 'pushed':
      return {
        type: 'pushed',
        value: valueFor(state, what.sameValue, newValue),
        expiresInMs: what.expiresInMs,
      };
    case 'checked':
      return {
        type: 'checked',
        version: version + what.versionOffset,
        startedAtMs: nowMs,
        verdict: what.verdict,
        onHint: what.onHint,
      };
    case 'fetched': {
      const value = valueFor(state, what.sameValue, newValue);
      const fetched = { value, expiresInMs: what.expiresInMs, requestedAtMs: nowMs - what.tookMs };
      return { type: 'answered', attemptId: idFor(state, what.late), outcome: { fetched } };
    }
    case 'failed': {
      const { kind, hasErrcode, mayHaveSucceeded } = what;
      const failure = { kind, errmsg: 'made up', mayHaveSucceeded, ...(hasErrcode && { errcode: 1 }) };
      return { type: 'answered', attemptId: idFor(state, what.late), outcome: { failure } };
    }
  }
}

function valueFor({ record }: KeeperState, sameValue: boolean, newValue: () => string): string {
  return sameValue && record !== null ? record.value : newValue();
}

function idFor(state: KeeperState, isLate: boolean): string {
  return isLate ? 'attempt-of-long-ago' : (state.attempt?.id ?? 'attempt-of-nobody');
}
