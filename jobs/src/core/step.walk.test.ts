import { describe, expect, it } from '@jest/globals';
import { isLive, shanghaiDay } from '@zhongkong/shared';
import fc from 'fast-check';
import { defaultPolicy, type RefreshPolicy } from './policy.js';
import { type Footprint, move, walk } from './testing/walk.js';

const RUNS = 120;
const MOVES = 100;

const policies: RefreshPolicy[] = (['stable', 'classic', 'external'] as const).flatMap((mode) => [
  defaultPolicy(mode),
  { ...defaultPolicy(mode), dailyBudget: 12, forceBudget: 3, passiveCooldownMs: 5_000 },
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

/** The attempts that surely never reached the platform. */
const undelivered = (footprints: Footprint[]) =>
  footprints.flatMap(({ event }) =>
    event.type === 'grant-failed' && event.failure.errcode === undefined && !event.failure.mayHaveIssued
      ? [event.attemptId]
      : [],
  );

const issuesOf = (footprints: Footprint[]) =>
  footprints.flatMap(({ commands, context }) =>
    commands.flatMap((command) =>
      command.do === 'issue' ? [{ ...command.attempt, day: shanghaiDay(context.nowMs) }] : [],
    ),
  );

describe(`over ${RUNS * MOVES} random events`, () => {
  it('a wake-up and a refresh lie strictly in the future, and before the end of a living token', () => {
    onEveryWalk((footprints) => {
      for (const { before, event, after, commands, context } of footprints) {
        for (const command of commands) {
          if (command.do === 'wake') {
            expect(command.atMs).toBeGreaterThan(context.nowMs);
            const { record } = after;
            if (record !== null && isLive(record, context.nowMs))
              expect(command.atMs).toBeLessThan(record.expiresAtMs);
          }
          if (command.do === 'hold') expect(command.untilMs).toBeGreaterThan(context.nowMs);
        }
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
      for (const { before, event, after, commands } of footprints) {
        if (event.type !== 'granted' && event.type !== 'grant-failed') continue;
        if (event.attemptId === before.attempt?.id) continue;
        expect(after).toBe(before);
        expect(commands).toEqual([]);
      }
    });
  });

  it('a new session finds no attempt outstanding, whoever knew of it', () => {
    onEveryWalk((footprints) => {
      for (const { event, after } of footprints) {
        if (event.type === 'opened') expect(after.attempt).toBeNull();
      }
    });
  });

  it('at most one attempt is outstanding', () => {
    onEveryWalk((footprints) => {
      for (const { before, event, commands } of footprints) {
        const isAnswer = 'attemptId' in event && event.attemptId === before.attempt?.id;
        if (before.attempt === null || isAnswer) continue;
        expect(commands.map((command) => command.do)).not.toContain('issue');
      }
    });
  });

  it('a report of an older version never leads to a fetch or a check while the current token lives', () => {
    onEveryWalk((footprints) => {
      for (const { before, event, commands, context } of footprints) {
        if (event.type !== 'reported' || before.record === null || before.attempt !== null) continue;
        if (event.version >= before.record.version || !isLive(before.record, context.nowMs)) continue;
        expect(commands).toEqual([{ do: 'answer', verdict: { is: 'superseded' } }]);
      }
    });
  });

  it('budgets, distances and the cooldown are never exceeded', () => {
    onEveryWalk((footprints, policy) => {
      const lost = new Set(undelivered(footprints));
      const issues = issuesOf(footprints).filter(({ id }) => !lost.has(id));
      const forced = issues.filter(({ force }) => force);
      forced.slice(1).forEach((attempt, index) => {
        const distanceMs = attempt.startedAtMs - (forced[index]?.startedAtMs ?? 0);
        expect(distanceMs).toBeGreaterThanOrEqual(policy.forceSpacingMs);
      });
      for (const day of new Set(issues.map((attempt) => attempt.day))) {
        expect(forced.filter((attempt) => attempt.day === day).length).toBeLessThanOrEqual(
          policy.forceBudget,
        );
        const fetches = issues.filter((attempt) => attempt.day === day).length;
        if (policy.mode === 'classic') expect(fetches).toBeLessThanOrEqual(policy.dailyBudget);
      }
      let untilMs = 0;
      for (const { before, after, commands } of footprints) {
        for (const command of commands) {
          if (command.do !== 'issue' || command.attempt.reason !== 'passive' || command.attempt.force)
            continue;
          expect(command.attempt.startedAtMs).toBeGreaterThanOrEqual(untilMs);
        }
        if (after.passiveFetchAtMs !== before.passiveFetchAtMs)
          untilMs = (after.passiveFetchAtMs ?? 0) + policy.passiveCooldownMs;
      }
    });
  });

  it('checks are a second apart at least', () => {
    onEveryWalk((footprints) => {
      for (const { before, commands, context } of footprints) {
        if (before.verification === null || !commands.some((command) => command.do === 'verify')) continue;
        expect(context.nowMs - before.verification.startedAtMs).toBeGreaterThanOrEqual(1_000);
      }
    });
  });

  it('a hint alone never leads to a fetch while the token is not known to be dead', () => {
    onEveryWalk((footprints) => {
      for (const { before, event, commands, context } of footprints) {
        if (event.type !== 'reported' || !event.isHint) continue;
        if (before.record === null || !isLive(before.record, context.nowMs)) continue;
        if (commands.some((command) => command.do === 'issue')) {
          expect(before.verification?.verdict).toBe('dead');
        }
      }
    });
  });

  it('in external mode nothing is ever fetched', () => {
    onEveryWalk((footprints, policy) => {
      if (policy.mode === 'external') expect(issuesOf(footprints)).toEqual([]);
    });
  });

  it('no run of failures takes a living token away', () => {
    onEveryWalk((footprints) => {
      for (const { before, event, after } of footprints) {
        if (event.type !== 'granted' && event.type !== 'pushed') expect(after.record).toBe(before.record);
        else if (before.record !== null) expect(after.record).not.toBeNull();
      }
    });
  });

  it('doubt about a lost answer ends with a commit and with nothing else', () => {
    onEveryWalk((footprints) => {
      for (const { before, after, event } of footprints) {
        if (before.doubtSinceMs === null || after.doubtSinceMs !== null || event.type === 'opened') continue;
        expect(['granted', 'pushed']).toContain(event.type);
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
