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
    expect(keeper.grant('token-1')).toMatchObject({ do: 'publish', record: { value: 'token-1' } });
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
    expect(keeper.grant('token-1', 310)).toMatchObject({ do: 'publish', record: { version } });
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

  it('goes past schedule and back-off on an order, and not past the budget', () => {
    const keeper = new DrivenKeeper({ mode: 'classic', dailyBudget: 3 }).bootstrap();
    expect(keeper.feed({ type: 'ordered' })).toEqual(issued('manual'));
    keeper.fails({ kind: 'misconfigured', errcode: 40164 });
    expect(keeper.feed({ type: 'ordered' })).toBeUndefined();
    expect(keeper.state.failure?.kind).toBe('exhausted');
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
    expect(keeper.report()).toEqual({ do: 'answer', verdict: { is: 'still-valid' } });
  });

  it('of a dead token brings one fetch, whose token supersedes the report', () => {
    const keeper = new DrivenKeeper({ mode: 'classic' }).bootstrap();
    const stale = keeper.version;
    keeper.report();
    keeper.verify('dead');
    expect(keeper.report()).toEqual(issued('passive'));
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
    expect(keeper.report()).toMatchObject({ do: 'answer', verdict: { is: 'unverifiable' } });
  });

  it('is believed when the platform answers but cannot tell', () => {
    const keeper = new DrivenKeeper({ mode: 'classic' }).bootstrap();
    keeper.report();
    keeper.verify('unclear');
    expect(keeper.report()).toEqual(issued('passive'));
  });

  it('leads to no fetch during the cooldown, and is looked at when that ends', () => {
    const keeper = new DrivenKeeper({ mode: 'classic' }).bootstrap();
    keeper.report();
    keeper.verify('dead');
    keeper.report();
    keeper.grant('token-2');
    const untilMs = keeper.nowMs + 30_000;
    keeper.pass(5);
    expect(keeper.report()).toEqual({ do: 'answer', verdict: { is: 'cooldown', untilMs } });
    expect(keeper.feed({ type: 'woken' })).toEqual({ do: 'wake', atMs: untilMs });
    keeper.pass(25);
    expect(keeper.feed({ type: 'woken' })).toMatchObject({ do: 'verify', record: { value: 'token-2' } });
    keeper.verify('dead');
    expect(keeper.feed({ type: 'woken' })).toEqual(issued('recovery'));
  });

  it('fetches without a check when nothing is alive, cooldown or not', () => {
    const keeper = new DrivenKeeper({ mode: 'classic' }).bootstrap('token-1', 20);
    keeper.report();
    keeper.verify('dead');
    keeper.report();
    keeper.grant('token-2', 20);
    keeper.pass(21);
    expect(keeper.report()).toEqual(issued('recovery'));
  });

  it('gets the reason when the fetch failed, and does not fetch again before its time', () => {
    const keeper = new DrivenKeeper({ mode: 'classic' }).bootstrap();
    keeper.report();
    keeper.verify('dead');
    keeper.report();
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
    expect(keeper.report()).toEqual(issued('passive', false));
    expect(keeper.grant('token-1', 5000)).toEqual(issued('passive', true));
    expect(keeper.grant('token-2')).toMatchObject({ do: 'publish', record: { value: 'token-2' } });
    expect(keeper.state.usage.forced).toBe(1);
  });

  it('is content when the normal call brings a new one', () => {
    const keeper = new DrivenKeeper({ mode: 'stable' }).bootstrap();
    keeper.report();
    keeper.verify('dead');
    keeper.report();
    expect(keeper.grant('token-2')).toMatchObject({ do: 'publish' });
    expect(keeper.state.usage.forced).toBe(0);
  });

  it('says until when force is not allowed, and keeps to it', () => {
    const keeper = new DrivenKeeper({ mode: 'stable', passiveCooldownMs: 0 }).bootstrap();
    const heal = (current: string) => {
      keeper.report();
      keeper.verify('dead');
      keeper.report();
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
    expect(keeper.feed({ type: 'woken' })).toEqual(issued('recovery', false));
  });

  it('takes the platform at its word when a check could not tell and the same token comes back', () => {
    const keeper = new DrivenKeeper({ mode: 'stable' }).bootstrap();
    keeper.report();
    keeper.verify('unclear');
    keeper.report();
    keeper.grant('token-1', 5000);
    expect(keeper.state.usage.forced).toBe(0);
    expect(keeper.state.verification?.verdict).toBe('alive');
  });
});

describe('an attempt', () => {
  it('that was left behind by a crash leads to a refresh at once', () => {
    const keeper = new DrivenKeeper({ mode: 'classic' }).bootstrap();
    keeper.feed({ type: 'ordered' });
    keeper.open();
    expect(keeper.state.attempt).toBeNull();
    expect(keeper.feed({ type: 'woken' })).toEqual(issued('recovery'));
  });

  it('whose answer was lost is made again, also when the next one surely failed', () => {
    const keeper = new DrivenKeeper({ mode: 'classic' }).bootstrap();
    keeper.feed({ type: 'ordered' });
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
    keeper.feed({ type: 'ordered' });
    keeper.fails({ mayHaveIssued: false });
    keeper.pass(60);
    expect(keeper.feed({ type: 'woken' })).toMatchObject({ do: 'wake', atMs: keeper.state.refreshAtMs });
  });

  it('is the only one: nothing else is asked while it is outstanding', () => {
    const keeper = new DrivenKeeper({ mode: 'classic' }).bootstrap();
    keeper.feed({ type: 'ordered' });
    for (const type of ['woken', 'ordered'] as const) {
      expect(keeper.feed({ type })).toEqual({ do: 'ignore', reason: 'attempt-outstanding' });
    }
    expect(keeper.report()).toEqual({ do: 'ignore', reason: 'attempt-outstanding' });
  });

  it('that was given up cannot overwrite a newer token with its late answer', () => {
    const keeper = new DrivenKeeper({ mode: 'classic' }).bootstrap();
    keeper.feed({ type: 'ordered' });
    const lateId = keeper.state.attempt?.id ?? '';
    keeper.open();
    keeper.feed({ type: 'woken' });
    keeper.grant('token-2');
    const grant = { value: 'token-late', expiresInMs: 7_200_000, requestedAtMs: keeper.nowMs };
    expect(keeper.feed({ type: 'granted', attemptId: lateId, grant })).toEqual({
      do: 'ignore',
      reason: 'late-answer',
    });
    expect(keeper.state.record?.value).toBe('token-2');
  });

  it('that brings an expired token is a failure', () => {
    const keeper = new DrivenKeeper({ mode: 'classic' }).bootstrap();
    keeper.feed({ type: 'ordered' });
    keeper.pass(30);
    const grant = { value: 'token-2', expiresInMs: 20_000, requestedAtMs: keeper.nowMs - 30_000 };
    keeper.feed({ type: 'granted', attemptId: keeper.state.attempt?.id ?? '', grant });
    expect(keeper.state.record?.value).toBe('token-1');
    expect(keeper.state.failure?.kind).toBe('transient');
  });
});
