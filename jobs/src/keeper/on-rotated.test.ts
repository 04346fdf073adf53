import { describe, expect, it } from '@jest/globals';
import { DrivenKeeper } from './testing/drive.js';

const rotate = (keeper: DrivenKeeper, how: { force?: boolean; isAsked?: boolean; version?: number } = {}) => {
  const { force = false, isAsked = false, version = keeper.version } = how;
  return keeper.feed({ type: 'rotated', force, isAsked, versionAtArrival: version });
};

describe('a rotation that an operator asks for', () => {
  it('fetches a new token in classic mode, and says so', () => {
    const keeper = new DrivenKeeper({ mode: 'classic' }).bootstrap();
    const { version } = keeper;
    expect(rotate(keeper)).toMatchObject({ do: 'fetch', attempt: { reason: 'manual', force: false } });
    keeper.fetched('token-2');
    expect(rotate(keeper, { isAsked: true, version })).toEqual({
      do: 'answer',
      verdict: { is: 'refreshed' },
    });
  });

  it('leaves the token in stable mode when WeChat keeps it, unless it is forced', () => {
    const keeper = new DrivenKeeper({ mode: 'stable' }).bootstrap();
    rotate(keeper);
    keeper.fetched('token-1');
    expect(rotate(keeper, { isAsked: true })).toMatchObject({ verdict: { is: 'still-valid' } });
    expect(rotate(keeper, { force: true })).toMatchObject({ do: 'fetch', attempt: { force: true } });
  });

  it('takes nothing from the bucket of passive fetches', () => {
    const keeper = new DrivenKeeper({ mode: 'classic' }).bootstrap();
    rotate(keeper);
    keeper.fetched('token-2');
    expect(keeper.state.passiveFullAtMs).toBeNull();
  });

  it('is made while the schedule waits after a failure, and may use the reserve of the day', () => {
    const keeper = new DrivenKeeper({ mode: 'classic', dailyBudget: 10 });
    keeper.state = { ...keeper.state, usage: { ...keeper.state.usage, day: '2026-11-22', fetches: 9 } };
    keeper.wake();
    keeper.fails({ kind: 'misconfigured', errcode: 40164 });
    keeper.state = { ...keeper.state, usage: { ...keeper.state.usage, fetches: 9 } };
    expect(keeper.report()).toMatchObject({ verdict: { is: 'failed' } });
    expect(rotate(keeper)).toMatchObject({ do: 'fetch' });
    keeper.fails({ kind: 'misconfigured', errcode: 40125 });
    expect(rotate(keeper, { isAsked: true })).toMatchObject({
      verdict: { is: 'failed', failure: { errcode: 40125 } },
    });
  });

  it.each([
    ['the budget of forced fetches', { mode: 'stable', forceBudget: 0 }, true],
    ['the budget of fetches', { mode: 'classic', dailyBudget: 1 }, false],
  ] as const)('is not made beyond %s', (_name, policy, force) => {
    const keeper = new DrivenKeeper(policy).bootstrap();
    expect(rotate(keeper, { force })).toMatchObject({ do: 'answer', verdict: { is: 'over-budget' } });
    expect(keeper.state.attempt).toBeNull();
  });

  it('asks nothing in external mode and for a paused app', () => {
    expect(rotate(new DrivenKeeper({ mode: 'external' }))).toMatchObject({
      verdict: { is: 'awaiting-push' },
    });
    expect(rotate(new DrivenKeeper({ mode: 'stable', isPaused: true }))).toMatchObject({
      verdict: { is: 'paused' },
    });
  });
});

describe('a paused app', () => {
  const paused = () => {
    const running = new DrivenKeeper({ mode: 'stable' }).bootstrap();
    const keeper = new DrivenKeeper({ mode: 'stable', isPaused: true }, running.nowMs);
    keeper.state = running.state;
    return keeper;
  };

  it('is asked nothing for, neither when a refresh is due nor on a report nor when the token has ended', () => {
    const keeper = paused();
    keeper.pass(7_000);
    expect(keeper.wake()).toMatchObject({ do: 'wake' });
    expect(keeper.report()).toEqual({ do: 'answer', verdict: { is: 'paused' } });
    keeper.pass(7_000);
    expect(keeper.wake()).toMatchObject({ do: 'wake' });
    expect(keeper.report()).toEqual({ do: 'answer', verdict: { is: 'paused' } });
  });

  it('is refreshed at once when it is resumed', () => {
    const keeper = paused();
    keeper.pass(8_000);
    keeper.wake();
    const resumed = new DrivenKeeper({ mode: 'stable' }, keeper.nowMs);
    resumed.state = keeper.state;
    expect(resumed.wake()).toMatchObject({ do: 'fetch', attempt: { reason: 'recovery' } });
  });
});
