import { describe, expect, it } from '@jest/globals';
import { DrivenKeeper } from './testing/drive.js';

const issued = (reason: string, force = false) => ({
  do: 'issue',
  attempt: expect.objectContaining({ reason, force }),
});

describe('the schedule', () => {
  it('fetches the first token, and plans its refresh before its end', () => {
    const keeper = new DrivenKeeper({ mode: 'stable' });
    expect(keeper.feed({ type: 'woken' })).toEqual(issued('bootstrap'));
    expect(keeper.grant('token-1')).toBeUndefined();
    expect(keeper.state.record?.value).toBe('token-1');
    expect(keeper.feed({ type: 'woken' })).toEqual({
      do: 'wake',
      atMs: keeper.nowMs + (7200 - 290 + 30) * 1000,
    });
  });

  it('refreshes when it is due and not a moment before', () => {
    const keeper = new DrivenKeeper({ mode: 'classic' }).bootstrap();
    keeper.pass(7200 - 900 + 29);
    expect(keeper.feed({ type: 'woken' })).toMatchObject({ do: 'wake' });
    keeper.pass(1);
    expect(keeper.feed({ type: 'woken' })).toEqual(issued('scheduled'));
  });

  it('keeps asking in stable mode until the platform renews, without a new version', () => {
    const keeper = new DrivenKeeper({ mode: 'stable' }).bootstrap('token-1', 7200);
    const { version } = keeper;
    keeper.pass(6950);
    keeper.feed({ type: 'woken' });
    keeper.grant('token-1', 310);
    expect(keeper.version).toBe(version);
    expect(keeper.feed({ type: 'woken' })).toMatchObject({ do: 'wake' });
    expect(keeper.state.record?.expiresAtMs).toBe(keeper.nowMs + 310_000);
    expect(keeper.state.record?.lifeMs).toBe(7_200_000);
  });

  it('tries again after a failure, keeps the token meanwhile, and waits in between', () => {
    const keeper = new DrivenKeeper({ mode: 'stable' }).bootstrap();
    keeper.pass(7000);
    keeper.feed({ type: 'woken' });
    keeper.fails();
    expect(keeper.state.record?.value).toBe('token-1');
    expect(keeper.feed({ type: 'woken' })).toEqual({ do: 'wake', atMs: keeper.nowMs + 1000 });
    keeper.pass(1);
    expect(keeper.feed({ type: 'woken' })).toEqual(issued('scheduled'));
  });
});

describe('a report', () => {
  it('of an older version gets the current one at no cost', () => {
    const keeper = new DrivenKeeper({ mode: 'classic' }).bootstrap();
    expect(keeper.report(keeper.version - 1)).toEqual({ do: 'answer', verdict: { is: 'superseded' } });
  });

  it('of the current version is checked first, and answered with its being alive', () => {
    const keeper = new DrivenKeeper({ mode: 'classic' }).bootstrap();
    expect(keeper.report()).toMatchObject({ do: 'verify', record: { value: 'token-1' } });
    keeper.verify('alive');
    expect(keeper.reportChecked()).toEqual({ do: 'answer', verdict: { is: 'still-valid' } });
  });

  it('of a dead token brings one fetch, whose token supersedes the report', () => {
    const keeper = new DrivenKeeper({ mode: 'classic' }).bootstrap();
    const stale = keeper.version;
    keeper.report();
    keeper.verify('dead');
    expect(keeper.reportChecked()).toEqual(issued('passive'));
    keeper.grant('token-2');
    expect(keeper.version).toBeGreaterThan(stale);
    expect(keeper.report(stale)).toEqual({ do: 'answer', verdict: { is: 'superseded' } });
  });

  it('is judged by a check that began after it came in, and a second goes by between two checks', () => {
    const keeper = new DrivenKeeper({ mode: 'classic' }).bootstrap();
    keeper.report();
    const checkedAtMs = keeper.nowMs;
    keeper.verify('alive');
    keeper.pass(0.4);
    expect(keeper.report()).toEqual({ do: 'hold', untilMs: checkedAtMs + 1000 });
    keeper.pass(0.6);
    expect(keeper.report()).toMatchObject({ do: 'verify' });
  });

  it('is told to come back when the platform cannot be asked', () => {
    const keeper = new DrivenKeeper({ mode: 'classic' }).bootstrap();
    keeper.report();
    keeper.verify('unreachable');
    expect(keeper.reportChecked()).toMatchObject({ do: 'answer', verdict: { is: 'unverifiable' } });
  });

  it('is believed when the platform answers but cannot tell', () => {
    const keeper = new DrivenKeeper({ mode: 'classic' }).bootstrap();
    keeper.report();
    keeper.verify('unclear');
    expect(keeper.reportChecked()).toEqual(issued('passive'));
  });

  it('leads to no fetch during the cooldown, and is looked at when that ends', () => {
    const keeper = new DrivenKeeper({ mode: 'classic' }).bootstrap();
    keeper.report();
    keeper.verify('dead');
    keeper.reportChecked();
    keeper.grant('token-2');
    const untilMs = keeper.nowMs + 30_000;
    keeper.pass(5);
    expect(keeper.report()).toEqual({ do: 'answer', verdict: { is: 'cooldown', untilMs } });
    expect(keeper.feed({ type: 'woken' })).toEqual({ do: 'wake', atMs: untilMs });
    keeper.pass(25);
    expect(keeper.feed({ type: 'woken' })).toMatchObject({ do: 'verify', record: { value: 'token-2' } });
    keeper.verify('dead');
    expect(keeper.feed({ type: 'woken' })).toEqual(issued('passive'));
    keeper.grant('token-3');
    expect(keeper.report()).toMatchObject({ verdict: { is: 'cooldown' } });
  });

  it('cannot use up what is kept back for the schedule', () => {
    const keeper = new DrivenKeeper({ mode: 'classic', dailyBudget: 10, passiveCooldownMs: 0 }).bootstrap();
    for (let healed = 2; healed <= 9; healed += 1) {
      keeper.pass(2);
      keeper.report();
      keeper.verify('dead');
      expect(keeper.reportChecked()).toEqual(issued('passive'));
      keeper.grant(`token-${healed}`);
    }
    keeper.pass(2);
    keeper.report();
    keeper.verify('dead');
    expect(keeper.reportChecked()).toMatchObject({ do: 'answer', verdict: { is: 'over-budget' } });
    expect(keeper.state.failure).toBeNull();
    keeper.nowMs = keeper.state.refreshAtMs ?? 0;
    expect(keeper.feed({ type: 'woken' })).toEqual(issued('scheduled'));
  });

  it('right after a fetch waits its second like any other', () => {
    const keeper = new DrivenKeeper({ mode: 'classic', passiveCooldownMs: 0 }).bootstrap();
    const checkedAtMs = keeper.nowMs;
    keeper.report();
    keeper.verify('dead');
    keeper.reportChecked();
    keeper.pass(0.1);
    keeper.grant('token-2');
    expect(keeper.report()).toEqual({ do: 'hold', untilMs: checkedAtMs + 1000 });
  });

  it('fetches without a check when nothing is alive, cooldown or not', () => {
    const keeper = new DrivenKeeper({ mode: 'classic' }).bootstrap('token-1', 20);
    keeper.report();
    keeper.verify('dead');
    keeper.reportChecked();
    keeper.grant('token-2', 20);
    keeper.pass(21);
    expect(keeper.report()).toEqual(issued('recovery'));
  });

  it('gets the reason when the fetch failed, and does not fetch again before its time', () => {
    const keeper = new DrivenKeeper({ mode: 'classic' }).bootstrap();
    keeper.report();
    keeper.verify('dead');
    keeper.reportChecked();
    keeper.fails({ kind: 'misconfigured', errcode: 40125, errmsg: 'invalid appsecret' });
    expect(keeper.report()).toMatchObject({
      do: 'answer',
      verdict: { is: 'failed', failure: { errcode: 40125 } },
    });
  });
});

describe('stable mode', () => {
  it('forces a new token only when the normal call brings the dead one back', () => {
    const keeper = new DrivenKeeper({ mode: 'stable' }).bootstrap();
    keeper.report();
    keeper.verify('dead');
    expect(keeper.reportChecked()).toEqual(issued('passive', false));
    expect(keeper.grant('token-1', 5000)).toEqual(issued('passive', true));
    keeper.grant('token-2');
    expect(keeper.state.record?.value).toBe('token-2');
    expect(keeper.state.usage.forced).toBe(1);
  });

  it('is content when the normal call brings a new one', () => {
    const keeper = new DrivenKeeper({ mode: 'stable' }).bootstrap();
    keeper.report();
    keeper.verify('dead');
    keeper.reportChecked();
    keeper.grant('token-2');
    expect(keeper.state.record?.value).toBe('token-2');
    expect(keeper.state.usage.forced).toBe(0);
  });

  it('says until when force is not allowed, and keeps to it', () => {
    const keeper = new DrivenKeeper({ mode: 'stable', passiveCooldownMs: 0 }).bootstrap();
    const heal = (current: string) => {
      keeper.report();
      keeper.verify('dead');
      keeper.reportChecked();
      return keeper.grant(current, 5000);
    };
    expect(heal('token-1')).toEqual(issued('passive', true));
    keeper.grant('token-2');
    keeper.pass(10);
    expect(heal('token-2')).toBeUndefined();
    expect(keeper.report()).toMatchObject({
      verdict: { is: 'failed', failure: { retryAtMs: keeper.nowMs + 20_000 } },
    });
    keeper.pass(20);
    expect(keeper.feed({ type: 'woken' })).toEqual(issued('passive', false));
  });

  it('goes on asking in the normal way when its forced refreshes are used up', () => {
    const keeper = new DrivenKeeper({ mode: 'stable', forceBudget: 0 }).bootstrap();
    keeper.report();
    keeper.verify('dead');
    keeper.reportChecked();
    expect(keeper.grant('token-1', 5000)).toBeUndefined();
    expect(keeper.feed({ type: 'woken' })).toEqual({ do: 'wake', atMs: keeper.nowMs + 60_000 });
    keeper.pass(60);
    expect(keeper.feed({ type: 'woken' })).toEqual(issued('passive', false));
    keeper.grant('token-2');
    expect(keeper.state).toMatchObject({ failure: null, record: { value: 'token-2' } });
  });

  it('takes the platform at its word when a check could not tell and the same token comes back', () => {
    const keeper = new DrivenKeeper({ mode: 'stable' }).bootstrap();
    keeper.report();
    keeper.verify('unclear');
    keeper.reportChecked();
    keeper.grant('token-1', 5000);
    expect(keeper.state.usage.forced).toBe(0);
    expect(keeper.state.verification?.verdict).toBe('alive');
  });
});

describe('an attempt', () => {
  it('that was left behind by a crash leads to a refresh at once', () => {
    const keeper = new DrivenKeeper({ mode: 'classic' }).bootstrap();
    keeper.startRefresh();
    keeper.open();
    expect(keeper.state.attempt).toBeNull();
    expect(keeper.feed({ type: 'woken' })).toEqual(issued('recovery'));
  });

  it('whose answer was lost is made again, also when the next one surely failed', () => {
    const keeper = new DrivenKeeper({ mode: 'classic' }).bootstrap();
    keeper.startRefresh();
    keeper.fails({ mayHaveIssued: true });
    keeper.pass(2);
    expect(keeper.feed({ type: 'woken' })).toEqual(issued('recovery'));
    keeper.fails({ mayHaveIssued: false });
    keeper.pass(5);
    expect(keeper.feed({ type: 'woken' })).toEqual(issued('recovery'));
    keeper.grant('token-2');
    expect(keeper.feed({ type: 'woken' })).toMatchObject({ do: 'wake' });
  });

  it('that surely failed casts no doubt on the token', () => {
    const keeper = new DrivenKeeper({ mode: 'classic' }).bootstrap();
    keeper.startRefresh();
    keeper.fails({ mayHaveIssued: false });
    keeper.pass(60);
    expect(keeper.feed({ type: 'woken' })).toEqual(issued('scheduled'));
  });

  it('is the only one: nothing else is asked while it is outstanding', () => {
    const keeper = new DrivenKeeper({ mode: 'classic' }).bootstrap();
    keeper.startRefresh();
    expect(keeper.feed({ type: 'woken' })).toBeUndefined();
    expect(keeper.report()).toBeUndefined();
  });

  it('that was given up cannot overwrite a newer token with its late answer', () => {
    const keeper = new DrivenKeeper({ mode: 'classic' }).bootstrap();
    keeper.startRefresh();
    const lateId = keeper.state.attempt?.id ?? '';
    keeper.open();
    keeper.feed({ type: 'woken' });
    keeper.grant('token-2');
    const grant = { value: 'token-late', expiresInMs: 7_200_000, requestedAtMs: keeper.nowMs };
    expect(keeper.feed({ type: 'granted', attemptId: lateId, grant })).toBeUndefined();
    expect(keeper.state.record?.value).toBe('token-2');
  });

  it('that brings an expired token is a failure', () => {
    const keeper = new DrivenKeeper({ mode: 'classic' }).bootstrap();
    keeper.startRefresh();
    keeper.pass(30);
    const grant = { value: 'token-2', expiresInMs: 20_000, requestedAtMs: keeper.nowMs - 30_000 };
    keeper.feed({ type: 'granted', attemptId: keeper.state.attempt?.id ?? '', grant });
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
    expect(keeper.feed({ type: 'woken' })).toEqual(issued('recovery'));
  });
});

describe('a hint', () => {
  const alive = (keeper: DrivenKeeper) => {
    expect(keeper.hint()).toMatchObject({ do: 'verify', onHint: true });
    keeper.verify('alive', true);
    expect(keeper.hint(true)).toEqual({ do: 'answer', verdict: { is: 'still-valid' } });
  };

  it('is followed less and less often while the token is found alive', () => {
    const keeper = new DrivenKeeper({ mode: 'classic' }).bootstrap();
    for (const seconds of [1, 2, 4, 8, 16, 32, 60, 60]) {
      alive(keeper);
      const checkedAtMs = keeper.nowMs;
      if (seconds > 2) keeper.pass(seconds - 2.001);
      if (seconds > 2) expect(keeper.hint()).toEqual({ do: 'answer', verdict: { is: 'unchecked' } });
      keeper.nowMs = checkedAtMs + seconds * 1000 - 1;
      expect(keeper.hint()).toEqual({ do: 'hold', untilMs: checkedAtMs + seconds * 1000 });
      keeper.pass(0.001);
    }
  });

  it('does not make a report wait', () => {
    const keeper = new DrivenKeeper({ mode: 'classic' }).bootstrap();
    for (let times = 0; times < 5; times += 1) {
      alive(keeper);
      keeper.pass(60);
    }
    alive(keeper);
    keeper.pass(1);
    expect(keeper.hint()).toEqual({ do: 'answer', verdict: { is: 'unchecked' } });
    expect(keeper.report()).toMatchObject({ do: 'verify', onHint: false });
  });

  it('that proves true is followed as quickly as at first from then on', () => {
    const keeper = new DrivenKeeper({ mode: 'classic', passiveCooldownMs: 0 }).bootstrap();
    for (let times = 0; times < 5; times += 1) {
      alive(keeper);
      keeper.pass(60);
    }
    keeper.hint();
    keeper.verify('dead', true);
    expect(keeper.hint(true)).toEqual(issued('passive'));
    keeper.grant('token-2');
    keeper.pass(1);
    alive(keeper);
  });

  it('is not believed when a check cannot tell', () => {
    const keeper = new DrivenKeeper({ mode: 'classic' }).bootstrap();
    keeper.hint();
    keeper.verify('unclear', true);
    expect(keeper.hint(true)).toEqual({ do: 'answer', verdict: { is: 'unchecked' } });
  });
});

describe('external mode', () => {
  const push = (keeper: DrivenKeeper, value: string, seconds = 7200) =>
    keeper.feed({ type: 'pushed', value, expiresInMs: seconds * 1000 });

  it('takes what is pushed, each new token under a higher version', () => {
    const keeper = new DrivenKeeper({ mode: 'external' });
    expect(keeper.feed({ type: 'woken' })).toMatchObject({ do: 'wake' });
    push(keeper, 'token-1');
    const first = keeper.version;
    push(keeper, 'token-1', 60);
    expect(keeper.state.record).toMatchObject({ version: first, expiresAtMs: keeper.nowMs + 60_000 });
    push(keeper, 'token-2');
    expect(keeper.version).toBeGreaterThan(first);
  });

  it('checks a report, and says that the other system has to act', () => {
    const keeper = new DrivenKeeper({ mode: 'external' });
    push(keeper, 'token-1');
    expect(keeper.report()).toMatchObject({ do: 'verify' });
    keeper.verify('dead');
    expect(keeper.reportChecked()).toEqual({ do: 'answer', verdict: { is: 'awaiting-push' } });
    expect(keeper.state.earlyDeathsAtMs).toEqual([]);
    push(keeper, 'token-2');
    expect(keeper.report(1)).toEqual({ do: 'answer', verdict: { is: 'superseded' } });
  });

  it('ends without a gap: the token that was pushed last serves until the first fetch', () => {
    const external = new DrivenKeeper({ mode: 'external' });
    push(external, 'token-1');
    const stable = new DrivenKeeper({ mode: 'stable' }, external.nowMs);
    stable.state = external.state;
    stable.origin = { ...stable.origin, credentials: 'the secret, stable' };
    stable.open({ isStart: true });
    expect(stable.feed({ type: 'woken' })).toMatchObject({ do: 'wake' });
    stable.startRefresh();
    stable.grant('token-2');
    expect(stable.version).toBeGreaterThan(external.version);
  });
});

describe('a change of origin', () => {
  const misconfigured = () => {
    const keeper = new DrivenKeeper({ mode: 'classic' });
    keeper.open();
    keeper.feed({ type: 'woken' });
    keeper.fails({ kind: 'misconfigured', errcode: 40125 });
    return keeper;
  };

  it('of the secret is tried at once', () => {
    const keeper = misconfigured();
    expect(keeper.feed({ type: 'woken' })).toMatchObject({ do: 'wake' });
    keeper.origin = { ...keeper.origin, credentials: 'the right secret' };
    keeper.open();
    expect(keeper.feed({ type: 'woken' })).toEqual(issued('bootstrap'));
  });

  it('that nobody can see, like a whitelist, is tried when the server is started anew', () => {
    const keeper = misconfigured();
    keeper.open();
    expect(keeper.feed({ type: 'woken' })).toMatchObject({ do: 'wake' });
    keeper.open({ isStart: true });
    expect(keeper.feed({ type: 'woken' })).toEqual(issued('bootstrap'));
  });

  it('of the platform makes every token a foreign one, and versions grow on', () => {
    const keeper = new DrivenKeeper({ mode: 'classic' });
    keeper.open();
    keeper.bootstrap();
    const { version } = keeper;
    keeper.origin = { ...keeper.origin, upstream: 'another platform' };
    keeper.open();
    expect(keeper.state.record).toBeNull();
    expect(keeper.feed({ type: 'woken' })).toEqual(issued('bootstrap'));
    keeper.grant('token-there');
    expect(keeper.version).toBeGreaterThan(version);
  });
});

describe('a clock that is set back, as by a failover to a Redis with another time,', () => {
  it('does not keep a report, a back-off or a cooldown waiting until it has caught up', () => {
    const keeper = new DrivenKeeper({ mode: 'classic' }).bootstrap();
    keeper.report();
    keeper.verify('alive');
    keeper.pass(-3_600);
    expect(keeper.report()).toMatchObject({ do: 'verify' });
    keeper.verify('dead');
    keeper.reportChecked();
    keeper.grant('token-2');
    keeper.pass(-3_600);
    expect(keeper.report()).toMatchObject({ do: 'verify' });
    keeper.verify('dead');
    keeper.reportChecked();
    keeper.fails({ kind: 'misconfigured' });
    keeper.pass(-3_600);
    expect(keeper.report()).toEqual(issued('passive'));
  });

  it('makes a token suspect whose end it does not know any more: it is replaced at once, and once', () => {
    const keeper = new DrivenKeeper({ mode: 'stable' }).bootstrap();
    keeper.pass(-3_600);
    expect(keeper.feed({ type: 'woken' })).toEqual(issued('recovery'));
    keeper.grant('token-1', 7_000);
    expect(keeper.state.record?.expiresAtMs).toBe(keeper.nowMs + 7_000_000);
    expect(keeper.feed({ type: 'woken' })).toMatchObject({ do: 'wake' });
  });
});

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

describe('a token reported during the cooldown', () => {
  const suspect = () => {
    const keeper = new DrivenKeeper({ mode: 'classic' }).bootstrap();
    keeper.report();
    keeper.verify('dead');
    keeper.reportChecked();
    keeper.grant('token-2');
    keeper.report();
    keeper.pass(30);
    expect(keeper.feed({ type: 'woken' })).toMatchObject({ do: 'verify' });
    return keeper;
  };

  it('is not checked every second while the platform is away', () => {
    const keeper = suspect();
    keeper.verify('unreachable');
    expect(keeper.feed({ type: 'woken' })).toEqual({ do: 'wake', atMs: keeper.nowMs + 30_000 });
    keeper.pass(30);
    expect(keeper.feed({ type: 'woken' })).toMatchObject({ do: 'verify' });
  });

  it('is left to the next report when a check cannot tell', () => {
    const keeper = suspect();
    keeper.verify('unclear');
    expect(keeper.feed({ type: 'woken' })).toEqual({ do: 'wake', atMs: keeper.state.refreshAtMs });
  });
});
