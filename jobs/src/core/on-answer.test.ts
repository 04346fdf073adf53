import { describe, expect, it } from '@jest/globals';
import { DrivenKeeper } from './testing/drive.js';
import { issued } from './testing/issued.js';

describe('a used-up quota of the platform', () => {
  const exhausted = { kind: 'exhausted', errcode: 45009 } as const;

  it('for forced refreshes leaves the normal calls, which bring the next token in time', () => {
    const keeper = new DrivenKeeper({ mode: 'stable' }).bootstrap();
    keeper.report();
    keeper.verify('dead');
    keeper.reportChecked();
    expect(keeper.grant('token-1', 5_000)).toEqual(issued('passive', true));
    keeper.fails(exhausted);
    expect(keeper.feed({ type: 'woken' })).toEqual({ do: 'wake', atMs: keeper.nowMs + 60_000 });
    keeper.pass(60);
    expect(keeper.feed({ type: 'woken' })).toEqual(issued('passive', false));
    expect(keeper.grant('token-1', 4_940)).toBeUndefined();
    keeper.pass(60);
    keeper.feed({ type: 'woken' });
    keeper.grant('token-2');
    expect(keeper.state).toMatchObject({ failure: null, record: { value: 'token-2' } });
  });

  it('that was cleared is noticed when the server is started anew', () => {
    const keeper = new DrivenKeeper({ mode: 'classic' });
    keeper.open();
    keeper.feed({ type: 'woken' });
    keeper.fails(exhausted);
    keeper.open();
    expect(keeper.feed({ type: 'woken' })).toMatchObject({ do: 'wake' });
    keeper.open({ isStart: true });
    expect(keeper.feed({ type: 'woken' })).toEqual(issued('bootstrap'));
  });
});

describe('a call that never reached the platform', () => {
  it('costs nothing of the budget', () => {
    const keeper = new DrivenKeeper({ mode: 'classic', dailyBudget: 3 });
    for (let tries = 0; tries < 10; tries += 1) {
      expect(keeper.feed({ type: 'woken' })).toEqual(issued('bootstrap'));
      keeper.fails();
      keeper.pass(10);
    }
    keeper.bootstrap();
    expect(keeper.state.usage.fetches).toBe(1);
  });

  it('is told from one that was refused or lost', () => {
    const keeper = new DrivenKeeper({ mode: 'classic' });
    for (const failure of [{ errcode: -1 }, { mayHaveIssued: true }]) {
      keeper.feed({ type: 'woken' });
      keeper.fails(failure);
      keeper.pass(10);
    }
    expect(keeper.state.usage.fetches).toBe(2);
  });
});
