import { describe, expect, it } from '@jest/globals';
import { DrivenKeeper } from './testing/drive.js';
import { fetching } from './testing/fetching.js';

describe('a used-up quota of WeChat', () => {
  const exhausted = { kind: 'exhausted', errcode: 45009 } as const;

  it('for forced refreshes leaves the normal calls, which bring the next token in time', () => {
    const keeper = new DrivenKeeper({ mode: 'stable' }).bootstrap();
    keeper.report();
    keeper.check('dead');
    keeper.reportChecked();
    expect(keeper.fetched('token-1', 5_000)).toEqual(fetching('passive', true));
    keeper.fails(exhausted);
    expect(keeper.wake()).toEqual({ do: 'wake', atMs: keeper.nowMs + 60_000 });
    keeper.pass(60);
    expect(keeper.wake()).toEqual(fetching('passive', false));
    expect(keeper.fetched('token-1', 4_940)).toBeNull();
    keeper.pass(60);
    keeper.wake();
    keeper.fetched('token-2');
    expect(keeper.state).toMatchObject({ failure: null, record: { value: 'token-2' } });
  });

  it('that was cleared is noticed when the server is started anew', () => {
    const keeper = new DrivenKeeper({ mode: 'classic' });
    keeper.open();
    keeper.wake();
    keeper.fails(exhausted);
    keeper.open();
    expect(keeper.wake()).toMatchObject({ do: 'wake' });
    keeper.open({ isStart: true });
    expect(keeper.wake()).toEqual(fetching('bootstrap'));
  });
});

describe('a call that never reached WeChat', () => {
  it('costs nothing of the budget', () => {
    const keeper = new DrivenKeeper({ mode: 'classic', dailyBudget: 3 });
    for (let tries = 0; tries < 10; tries += 1) {
      expect(keeper.wake()).toEqual(fetching('bootstrap'));
      keeper.fails();
      keeper.pass(10);
    }
    keeper.bootstrap();
    expect(keeper.state.usage.fetches).toBe(1);
  });

  it('is different from one that was refused or lost', () => {
    const keeper = new DrivenKeeper({ mode: 'classic' });
    for (const failure of [{ errcode: -1 }, { mayHaveSucceeded: true }]) {
      keeper.wake();
      keeper.fails(failure);
      keeper.pass(10);
    }
    expect(keeper.state.usage.fetches).toBe(2);
  });
});
