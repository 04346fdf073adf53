import { describe, expect, it } from '@jest/globals';
import { DrivenKeeper } from './testing/drive.js';
import { fetching } from './testing/fetching.js';

describe('the schedule', () => {
  it('fetches the first token, and plans its refresh before its end', () => {
    const keeper = new DrivenKeeper({ mode: 'stable' });
    expect(keeper.wake()).toEqual(fetching('bootstrap'));
    expect(keeper.fetched('token-1')).toBeNull();
    expect(keeper.state.record?.value).toBe('token-1');
    expect(keeper.wake()).toEqual({
      do: 'wake',
      atMs: keeper.nowMs + (7200 - 290 + 30) * 1000,
    });
  });

  it('refreshes when it is due and not a moment before', () => {
    const keeper = new DrivenKeeper({ mode: 'classic' }).bootstrap();
    keeper.pass(7200 - 900 + 29);
    expect(keeper.wake()).toMatchObject({ do: 'wake' });
    keeper.pass(1);
    expect(keeper.wake()).toEqual(fetching('scheduled'));
  });

  it('keeps asking in stable mode until WeChat renews, without a new version', () => {
    const keeper = new DrivenKeeper({ mode: 'stable' }).bootstrap('token-1', 7200);
    const { version } = keeper;
    keeper.pass(6950);
    keeper.wake();
    keeper.fetched('token-1', 310);
    expect(keeper.version).toBe(version);
    expect(keeper.wake()).toMatchObject({ do: 'wake' });
    expect(keeper.state.record?.expiresAtMs).toBe(keeper.nowMs + 310_000);
    expect(keeper.state.record?.lifeMs).toBe(7_200_000);
  });

  it('tries again after a failure, keeps the token meanwhile, and waits in between', () => {
    const keeper = new DrivenKeeper({ mode: 'stable' }).bootstrap();
    keeper.pass(7000);
    keeper.wake();
    keeper.fails();
    expect(keeper.state.record?.value).toBe('token-1');
    expect(keeper.wake()).toEqual({ do: 'wake', atMs: keeper.nowMs + 750 });
    keeper.pass(1);
    expect(keeper.wake()).toEqual(fetching('scheduled'));
  });
});

describe('an attempt', () => {
  it('that was left behind by a crash leads to a refresh at once', () => {
    const keeper = new DrivenKeeper({ mode: 'classic' }).bootstrap();
    keeper.startRefresh();
    keeper.open();
    expect(keeper.state.attempt).toBeNull();
    expect(keeper.wake()).toEqual(fetching('recovery'));
  });

  it('whose answer was lost is made again, also when the next one surely failed', () => {
    const keeper = new DrivenKeeper({ mode: 'classic' }).bootstrap();
    keeper.startRefresh();
    keeper.fails({ mayHaveSucceeded: true });
    keeper.pass(2);
    expect(keeper.wake()).toEqual(fetching('recovery'));
    keeper.fails({ mayHaveSucceeded: false });
    keeper.pass(5);
    expect(keeper.wake()).toEqual(fetching('recovery'));
    keeper.fetched('token-2');
    expect(keeper.wake()).toMatchObject({ do: 'wake' });
  });

  it('that surely failed casts no doubt on the token', () => {
    const keeper = new DrivenKeeper({ mode: 'classic' }).bootstrap();
    keeper.startRefresh();
    keeper.fails({ mayHaveSucceeded: false });
    keeper.pass(60);
    expect(keeper.wake()).toEqual(fetching('scheduled'));
  });

  it('is the only one: nothing else is asked while it is outstanding', () => {
    const keeper = new DrivenKeeper({ mode: 'classic' }).bootstrap();
    keeper.startRefresh();
    expect(keeper.wake()).toBeNull();
    expect(keeper.report()).toBeNull();
  });

  it('that was given up cannot overwrite a newer token with its late answer', () => {
    const keeper = new DrivenKeeper({ mode: 'classic' }).bootstrap();
    keeper.startRefresh();
    const lateId = keeper.state.attempt?.id ?? '';
    keeper.open();
    keeper.wake();
    keeper.fetched('token-2');
    const fetched = { value: 'token-late', expiresInMs: 7_200_000, requestedAtMs: keeper.nowMs };
    expect(keeper.feed({ type: 'answered', attemptId: lateId, outcome: { fetched } })).toBeNull();
    expect(keeper.state.record?.value).toBe('token-2');
  });

  it('that brings an expired token is a failure', () => {
    const keeper = new DrivenKeeper({ mode: 'classic' }).bootstrap();
    keeper.startRefresh();
    keeper.pass(30);
    const fetched = { value: 'token-2', expiresInMs: 20_000, requestedAtMs: keeper.nowMs - 30_000 };
    keeper.feed({ type: 'answered', attemptId: keeper.state.attempt?.id ?? '', outcome: { fetched } });
    expect(keeper.state.record?.value).toBe('token-1');
    expect(keeper.state.failure?.kind).toBe('transient');
  });
});

describe('an attempt that only a server remembers, since Redis has lost it,', () => {
  it('leads to a refresh at once as well', () => {
    const keeper = new DrivenKeeper({ mode: 'classic' }).bootstrap();
    const stored = keeper.state;
    keeper.startRefresh();
    const remembered = keeper.state;
    keeper.state = stored;
    keeper.open({ remembered });
    expect(keeper.state.attempt).toBeNull();
    expect(keeper.wake()).toEqual(fetching('recovery'));
  });
});

describe('stable mode', () => {
  it('forces a new token only when the normal call brings the dead one back', () => {
    const keeper = new DrivenKeeper({ mode: 'stable' }).bootstrap();
    keeper.report();
    keeper.check('dead');
    expect(keeper.reportChecked()).toEqual(fetching('passive', false));
    expect(keeper.fetched('token-1', 5000)).toEqual(fetching('passive', true));
    keeper.fetched('token-2');
    expect(keeper.state.record?.value).toBe('token-2');
    expect(keeper.state.usage.forced).toBe(1);
  });

  it('is content when the normal call brings a new one', () => {
    const keeper = new DrivenKeeper({ mode: 'stable' }).bootstrap();
    keeper.report();
    keeper.check('dead');
    keeper.reportChecked();
    keeper.fetched('token-2');
    expect(keeper.state.record?.value).toBe('token-2');
    expect(keeper.state.usage.forced).toBe(0);
  });

  it('says until when force is not allowed, and keeps to it', () => {
    const keeper = new DrivenKeeper({ mode: 'stable', passiveCooldownMs: 0 }).bootstrap();
    const heal = (current: string) => {
      keeper.report();
      keeper.check('dead');
      keeper.reportChecked();
      return keeper.fetched(current, 5000);
    };
    expect(heal('token-1')).toEqual(fetching('passive', true));
    keeper.fetched('token-2');
    keeper.pass(10);
    expect(heal('token-2')).toBeNull();
    expect(keeper.report()).toMatchObject({
      verdict: { is: 'failed', failure: { retryAtMs: keeper.nowMs + 20_000 } },
    });
    keeper.pass(20);
    expect(keeper.wake()).toEqual(fetching('passive', false));
  });

  it('goes on asking in the normal way when its forced refreshes are used up', () => {
    const keeper = new DrivenKeeper({ mode: 'stable', forceBudget: 0 }).bootstrap();
    keeper.report();
    keeper.check('dead');
    keeper.reportChecked();
    expect(keeper.fetched('token-1', 5000)).toBeNull();
    expect(keeper.wake()).toEqual({ do: 'wake', atMs: keeper.nowMs + 60_000 });
    keeper.pass(60);
    expect(keeper.wake()).toEqual(fetching('passive', false));
    keeper.fetched('token-2');
    expect(keeper.state).toMatchObject({ failure: null, record: { value: 'token-2' } });
  });

  it('takes WeChat at its word when a check could not tell and the same token comes back', () => {
    const keeper = new DrivenKeeper({ mode: 'stable' }).bootstrap();
    keeper.report();
    keeper.check('unclear');
    keeper.reportChecked();
    keeper.fetched('token-1', 5000);
    expect(keeper.state.usage.forced).toBe(0);
    expect(keeper.state.lastCheck?.verdict).toBe('alive');
  });
});
