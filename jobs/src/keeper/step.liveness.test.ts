import { describe, expect, it } from '@jest/globals';
import { isLive } from '@zhongkong/shared';
import fc from 'fast-check';
import { defaultPolicy, type RefreshPolicy } from './policy.js';
import type { KeeperState, Verdict } from './state.js';
import { looks, type WechatAnswers } from './testing/days.js';
import { type Move, moveWithClockSet, type Start, walk } from './testing/walk.js';
import { phaseOf } from './view.js';

const RUNS = 300;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const modes = fc.constantFrom('stable', 'classic', 'external');
const fetching = fc.constantFrom<RefreshPolicy['mode'][]>('stable', 'classic');
const policyOf = (mode: RefreshPolicy['mode']): RefreshPolicy => defaultPolicy(mode);
const moves = fc.array(moveWithClockSet, { maxLength: 30 });

/** Some way that leads through two modes, as an app's configuration is changed. */
const somewhere: fc.Arbitrary<Start> = fc
  .tuple(modes, moves, modes, moves)
  .map(([firstMode, first, secondMode, second]) =>
    goOn(goOn(undefined, first, firstMode), second, secondMode),
  );

function goOn(start: Start | undefined, path: readonly Move[], mode: RefreshPolicy['mode']): Start {
  const footprints = walk(path, policyOf(mode), start);
  const last = footprints.at(-1);
  return last === undefined
    ? (start ?? goOn(undefined, [{ passMs: 0, random: 0, happening: { is: 'woken' } }], mode))
    : { state: last.after, nowMs: last.context.nowMs };
}

/** Gives a new token whenever it is asked, and has the one that is there for `verdict`. */
function healthy(verdict: Verdict): WechatAnswers {
  let given = 0;
  return {
    fetch(_force, _state, requestedAtMs) {
      given += 1;
      return { fetched: { value: `given-${given}`, expiresInMs: 2 * HOUR, requestedAtMs } };
    },
    check: ({ record }) => (record?.value.startsWith('given') ? 'alive' : verdict),
  };
}

function isWell(state: KeeperState, nowMs: number): boolean {
  const { attempt, suspectVersion, record } = state;
  return (
    record !== null &&
    isLive(record, nowMs) &&
    phaseOf(state, nowMs) === 'fresh' &&
    attempt === null &&
    suspectVersion === null
  );
}

describe(`from wherever events have led`, () => {
  it('WeChat in good order means a good token within a back-off, at the price of one fetch', () => {
    fc.assert(
      fc.property(
        somewhere,
        fetching,
        fc.constantFrom<Verdict[]>('alive', 'dead'),
        (start, mode, verdict) => {
          const policy = policyOf(mode);
          // Any wait is at most ten minutes long, and is waited for twice at most after the clock was set back.
          const untilMs = start.nowMs + 30 * MINUTE;
          let fetches = 0;
          for (const look of looks(start, policy, healthy(verdict), untilMs)) {
            fetches += look.fetches;
            expect(look.nextAtMs).toBeGreaterThan(look.nowMs);
            if (isWell(look.state, look.nowMs)) return;
            expect(fetches).toBeLessThanOrEqual(1);
          }
          throw new Error('it never got well');
        },
      ),
      { numRuns: RUNS },
    );
  });

  it('a WeChat that stays as it is, however bad, is asked neither in a hot loop nor never again', () => {
    const answers = fc.record({
      kind: fc.constantFrom('transient', 'throttled', 'exhausted', 'misconfigured', 'same', 'short'),
      mayHaveSucceeded: fc.boolean(),
      verdict: fc.constantFrom<Verdict[]>('alive', 'dead', 'unclear', 'unreachable'),
    });
    fc.assert(
      fc.property(somewhere, modes, answers, (start, mode, { kind, mayHaveSucceeded, verdict }) => {
        const wechat: WechatAnswers = {
          fetch(_force, { record }, requestedAtMs) {
            if (kind === 'same' || kind === 'short') {
              const value = kind === 'same' ? (record?.value ?? 'same') : `short-${requestedAtMs}`;
              return { fetched: { value, expiresInMs: 12_000, requestedAtMs } };
            }
            return { failure: { kind, errmsg: 'bad', mayHaveSucceeded } };
          },
          check: () => verdict,
        };
        const untilMs = start.nowMs + HOUR;
        let sessions = 0;
        for (const { nowMs, nextAtMs } of looks(start, policyOf(mode), wechat, untilMs)) {
          sessions += 1;
          expect(nextAtMs).toBeGreaterThan(nowMs);
        }
        expect(sessions).toBeLessThanOrEqual(1_200);
      }),
      { numRuns: RUNS },
    );
  });
});
