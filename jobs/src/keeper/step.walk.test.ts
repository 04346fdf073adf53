import { describe, expect, it } from '@jest/globals';
import { isLive, shanghaiDay } from '@zhongkong/shared';
import fc from 'fast-check';
import type { KeeperEvent } from './event.js';
import { defaultPolicy, type RefreshPolicy } from './policy.js';
import { type Footprint, move, walk } from './testing/walk.js';
import { RARE_TRY_MS } from './timing.js';

const RUNS = 120;
const MOVES = 100;

const policies: RefreshPolicy[] = (['stable', 'classic', 'external'] as const).flatMap((mode) => [
  defaultPolicy(mode),
  { ...defaultPolicy(mode), dailyBudget: 12, forceBudget: 3, passiveBurst: 2, passiveCooldownMs: 5_000 },
]);

function onEveryWalk(check: (footprints: Footprint[], policy: RefreshPolicy) => void): void {
  fc.assert(
    fc.property(
      fc.constantFrom(...policies),
      fc.array(move, { minLength: MOVES, maxLength: MOVES }),
      (policy, moves) => check(walk(moves, policy), policy),
    ),
    { numRuns: RUNS },
  );
}

/** The attempts that surely never reached WeChat. */
const undelivered = (footprints: Footprint[]) =>
  footprints.flatMap(({ event }) =>
    event.type === 'answered' &&
    'failure' in event.outcome &&
    event.outcome.failure.errcode === undefined &&
    !event.outcome.failure.mayHaveSucceeded
      ? [event.attemptId]
      : [],
  );

const bringsToken = (event: KeeperEvent) =>
  event.type === 'pushed' || (event.type === 'answered' && 'fetched' in event.outcome);

const fetchesOf = (footprints: Footprint[]) =>
  footprints.flatMap(({ command, context }) =>
    command?.do === 'fetch' ? [{ ...command.attempt, day: shanghaiDay(context.nowMs) }] : [],
  );

describe(`over ${RUNS * MOVES} random events`, () => {
  it('a wake-up and a refresh lie strictly in the future, and before the end of a living token', () => {
    onEveryWalk((footprints) => {
      for (const { before, event, after, command, context } of footprints) {
        if (command?.do === 'wake') {
          expect(command.atMs).toBeGreaterThan(context.nowMs);
          const { record } = after;
          if (record !== null && isLive(record, context.nowMs))
            expect(command.atMs).toBeLessThan(record.expiresAtMs);
        }
        if (command?.do === 'retry-report') expect(command.atMs).toBeGreaterThan(context.nowMs);
        if (after.record === null || after.record === before.record) continue;
        if (event.type === 'opened') continue;
        expect(after.refreshAtMs).toBeGreaterThan(context.nowMs);
        expect(after.refreshAtMs).toBeLessThan(after.record.expiresAtMs);
      }
    });
  });

  it('versions strictly grow with every new value, and no value comes back', () => {
    onEveryWalk((footprints) => {
      for (const { before, after } of footprints) {
        if (before.record === null || after.record === null) continue;
        const isNew = after.record.value !== before.record.value;
        if (isNew) expect(after.record.version).toBeGreaterThan(before.record.version);
        else expect(after.record.version).toBe(before.record.version);
      }
    });
  });

  it('a version never goes back, whatever Redis has lost', () => {
    onEveryWalk((footprints) => {
      for (const { before, after } of footprints) {
        expect(after.record?.version ?? 0).toBeGreaterThanOrEqual(before.record?.version ?? 0);
      }
    });
  });

  it('a late answer changes nothing', () => {
    onEveryWalk((footprints) => {
      for (const { before, event, after, command } of footprints) {
        if (event.type !== 'answered' || event.attemptId === before.attempt?.id) continue;
        expect(after).toBe(before);
        expect(command).toBeNull();
      }
    });
  });

  it('a new session finds no attempt outstanding, wherever it was stored', () => {
    onEveryWalk((footprints) => {
      for (const { event, after } of footprints) {
        if (event.type === 'opened') expect(after.attempt).toBeNull();
      }
    });
  });

  it('at most one attempt is outstanding', () => {
    onEveryWalk((footprints) => {
      for (const { before, event, command } of footprints) {
        const isAnswer = 'attemptId' in event && event.attemptId === before.attempt?.id;
        if (before.attempt === null || isAnswer) continue;
        expect(command?.do).not.toBe('fetch');
      }
    });
  });

  it('a report of an older version never leads to a fetch or a check while the current token lives', () => {
    onEveryWalk((footprints) => {
      for (const { before, event, command, context } of footprints) {
        if (event.type !== 'reported' || before.record === null || before.attempt !== null) continue;
        if (!('version' in event.stale) || event.stale.version >= before.record.version) continue;
        if (!isLive(before.record, context.nowMs)) continue;
        expect(command).toEqual({ do: 'answer', verdict: { is: 'superseded' } });
      }
    });
  });

  it('budgets, distances and the cooldown are never exceeded', () => {
    onEveryWalk((footprints, policy) => {
      const lost = new Set(undelivered(footprints));
      const sent = fetchesOf(footprints).filter(({ id }) => !lost.has(id));
      const forced = sent.filter(({ force }) => force);
      forced.slice(1).forEach((attempt, index) => {
        const distanceMs = attempt.startedAtMs - (forced[index]?.startedAtMs ?? 0);
        expect(distanceMs).toBeGreaterThanOrEqual(policy.forceSpacingMs);
      });
      for (const day of new Set(sent.map((attempt) => attempt.day))) {
        expect(forced.filter((attempt) => attempt.day === day).length).toBeLessThanOrEqual(
          policy.forceBudget,
        );
        // Beyond the budget there is only a rare try.
        const ofDay = sent.filter((attempt) => attempt.day === day).map(({ startedAtMs }) => startedAtMs);
        if (policy.mode !== 'classic') continue;
        ofDay.forEach((startedAtMs, index) => {
          if (index < policy.dailyBudget) return;
          expect(startedAtMs - (ofDay[index - 1] ?? 0)).toBeGreaterThanOrEqual(RARE_TRY_MS);
        });
      }
    });
  });

  it('reports cause no more fetches than their bucket holds', () => {
    onEveryWalk((footprints, policy) => {
      if (policy.mode !== 'classic') return;
      let inBucket = policy.passiveBurst;
      let atMs = 0;
      for (const { before, event, after, command, context } of footprints) {
        const refilled = (context.nowMs - atMs) / policy.passiveCooldownMs;
        inBucket = Math.min(policy.passiveBurst, inBucket + refilled);
        atMs = context.nowMs;
        if (command?.do === 'fetch' && command.attempt.reason === 'passive')
          expect(inBucket).toBeGreaterThan(0.999);
        if (event.type === 'answered' && after.passiveFullAtMs !== before.passiveFullAtMs) inBucket -= 1;
      }
    });
  });

  it('checks are a second apart at least', () => {
    onEveryWalk((footprints) => {
      for (const { before, command, context } of footprints) {
        if (before.lastCheck === null || command?.do !== 'check') continue;
        expect(context.nowMs - before.lastCheck.startedAtMs).toBeGreaterThanOrEqual(1_000);
      }
    });
  });

  it('a hint alone never leads to a fetch while the token is not known to be dead', () => {
    onEveryWalk((footprints) => {
      for (const { before, event, command, context } of footprints) {
        if (event.type !== 'reported' || !event.isHint) continue;
        if (before.record === null || !isLive(before.record, context.nowMs)) continue;
        if (command?.do === 'fetch') expect(before.lastCheck?.verdict).toBe('dead');
      }
    });
  });

  it('in external mode nothing is ever fetched', () => {
    onEveryWalk((footprints, policy) => {
      if (policy.mode === 'external') expect(fetchesOf(footprints)).toEqual([]);
    });
  });

  it('no run of failures takes a living token away', () => {
    onEveryWalk((footprints) => {
      for (const { before, event, after } of footprints) {
        if (!bringsToken(event)) expect(after.record).toBe(before.record);
        else if (before.record !== null) expect(after.record).not.toBeNull();
      }
    });
  });

  it('doubt about a lost answer ends with a commit and with nothing else', () => {
    onEveryWalk((footprints) => {
      for (const { before, after, event } of footprints) {
        if (before.doubtSinceMs === null || after.doubtSinceMs !== null || event.type === 'opened') continue;
        expect(bringsToken(event)).toBe(true);
        expect(after.failure).toBeNull();
      }
    });
  });

  it('the same events, clock and randomness give the same commands', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...policies),
        fc.array(move, { minLength: MOVES, maxLength: MOVES }),
        (policy, moves) => {
          expect(walk(moves, policy)).toEqual(walk(moves, policy));
        },
      ),
      { numRuns: 20 },
    );
  });
});
