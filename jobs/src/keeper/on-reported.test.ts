import { describe, expect, it } from '@jest/globals';
import { DrivenKeeper } from './testing/drive.js';
import { fetching } from './testing/fetching.js';

describe('a report', () => {
  it('of an older version gets the current one at no cost', () => {
    const keeper = new DrivenKeeper({ mode: 'classic' }).bootstrap();
    expect(keeper.report(keeper.version - 1)).toEqual({ do: 'answer', verdict: { is: 'superseded' } });
  });

  it('of the current version is checked first, and answered with its being alive', () => {
    const keeper = new DrivenKeeper({ mode: 'classic' }).bootstrap();
    expect(keeper.report()).toMatchObject({ do: 'check', record: { value: 'token-1' } });
    keeper.check('alive');
    expect(keeper.reportChecked()).toEqual({ do: 'answer', verdict: { is: 'still-valid' } });
  });

  it('of a dead token brings one fetch, whose token supersedes the report', () => {
    const keeper = new DrivenKeeper({ mode: 'classic' }).bootstrap();
    const stale = keeper.version;
    keeper.report();
    keeper.check('dead');
    expect(keeper.reportChecked()).toEqual(fetching('passive'));
    keeper.fetched('token-2');
    expect(keeper.version).toBeGreaterThan(stale);
    expect(keeper.report(stale)).toEqual({ do: 'answer', verdict: { is: 'superseded' } });
  });

  it('is judged by a check that began after it came in, and a second goes by between two checks', () => {
    const keeper = new DrivenKeeper({ mode: 'classic' }).bootstrap();
    keeper.report();
    const checkedAtMs = keeper.nowMs;
    keeper.check('alive');
    keeper.pass(0.4);
    expect(keeper.report()).toEqual({ do: 'retry-report', atMs: checkedAtMs + 1000 });
    keeper.pass(0.6);
    expect(keeper.report()).toMatchObject({ do: 'check' });
  });

  it('has to come back when WeChat cannot be asked', () => {
    const keeper = new DrivenKeeper({ mode: 'classic' }).bootstrap();
    keeper.report();
    keeper.check('unreachable');
    expect(keeper.reportChecked()).toMatchObject({ do: 'answer', verdict: { is: 'uncheckable' } });
  });

  it('is believed when WeChat answers but cannot tell', () => {
    const keeper = new DrivenKeeper({ mode: 'classic' }).bootstrap();
    keeper.report();
    keeper.check('unclear');
    expect(keeper.reportChecked()).toEqual(fetching('passive'));
  });

  it('leads to no fetch while the bucket is empty, and is checked as soon as it allows one', () => {
    const keeper = new DrivenKeeper({ mode: 'classic', passiveBurst: 1 }).bootstrap();
    keeper.report();
    keeper.check('dead');
    keeper.reportChecked();
    keeper.fetched('token-2');
    const untilMs = keeper.nowMs + 30_000;
    keeper.pass(5);
    expect(keeper.report()).toEqual({ do: 'answer', verdict: { is: 'cooldown', untilMs } });
    expect(keeper.wake()).toEqual({ do: 'wake', atMs: untilMs });
    keeper.pass(25);
    expect(keeper.wake()).toMatchObject({ do: 'check', record: { value: 'token-2' } });
    keeper.check('dead');
    expect(keeper.wake()).toEqual(fetching('passive'));
    keeper.fetched('token-3');
    expect(keeper.report()).toMatchObject({ verdict: { is: 'cooldown' } });
  });

  it('cannot use up what is kept back for the schedule', () => {
    const keeper = new DrivenKeeper({ mode: 'classic', dailyBudget: 10, passiveCooldownMs: 0 }).bootstrap();
    for (let healed = 2; healed <= 9; healed += 1) {
      keeper.pass(2);
      keeper.report();
      keeper.check('dead');
      expect(keeper.reportChecked()).toEqual(fetching('passive'));
      keeper.fetched(`token-${healed}`);
    }
    keeper.pass(2);
    keeper.report();
    keeper.check('dead');
    expect(keeper.reportChecked()).toMatchObject({ do: 'answer', verdict: { is: 'over-budget' } });
    expect(keeper.state.failure).toBeNull();
    keeper.nowMs = keeper.state.refreshAtMs ?? 0;
    expect(keeper.wake()).toEqual(fetching('scheduled'));
  });

  it('right after a fetch waits its second like any other', () => {
    const keeper = new DrivenKeeper({ mode: 'classic', passiveCooldownMs: 0 }).bootstrap();
    const checkedAtMs = keeper.nowMs;
    keeper.report();
    keeper.check('dead');
    keeper.reportChecked();
    keeper.pass(0.1);
    keeper.fetched('token-2');
    expect(keeper.report()).toEqual({ do: 'retry-report', atMs: checkedAtMs + 1000 });
  });

  it('fetches without a check when nothing is alive, cooldown or not', () => {
    const keeper = new DrivenKeeper({ mode: 'classic' }).bootstrap('token-1', 20);
    keeper.report();
    keeper.check('dead');
    keeper.reportChecked();
    keeper.fetched('token-2', 20);
    keeper.pass(21);
    expect(keeper.report()).toEqual(fetching('recovery'));
  });

  it('gets the reason when the fetch failed, and does not fetch again before its time', () => {
    const keeper = new DrivenKeeper({ mode: 'classic' }).bootstrap();
    keeper.report();
    keeper.check('dead');
    keeper.reportChecked();
    keeper.fails({ kind: 'misconfigured', errcode: 40125, errmsg: 'invalid appsecret' });
    expect(keeper.report()).toMatchObject({
      do: 'answer',
      verdict: { is: 'failed', failure: { errcode: 40125 } },
    });
  });
});

describe('a token that dies again and again', () => {
  const kill = (keeper: DrivenKeeper, current: string) => {
    keeper.pass(3);
    keeper.report();
    keeper.check('dead');
    expect(keeper.reportChecked()).toEqual(fetching('passive'));
    keeper.fetched(current);
  };

  it('in classic mode is replaced at once until the bucket is empty, and then once in each cooldown', () => {
    const keeper = new DrivenKeeper({ mode: 'classic', passiveBurst: 3 }).bootstrap();
    for (const value of ['token-2', 'token-3', 'token-4']) kill(keeper, value);
    keeper.pass(3);
    const untilMs = keeper.nowMs + 30_000 - 9_000;
    expect(keeper.report()).toEqual({ do: 'answer', verdict: { is: 'cooldown', untilMs } });
    keeper.nowMs = untilMs - 3_000;
    kill(keeper, 'token-5');
    keeper.pass(3);
    expect(keeper.report()).toMatchObject({ verdict: { is: 'cooldown', untilMs: untilMs + 30_000 } });
  });

  it('in stable mode is replaced at once every time by unforced fetches, which take nothing', () => {
    const keeper = new DrivenKeeper({ mode: 'stable', passiveBurst: 1 }).bootstrap();
    for (let kills = 0; kills < 20; kills += 1) kill(keeper, `another-${kills}`);
    expect(keeper.state.passiveFullAtMs).toBeNull();
  });

  it('in stable mode is replaced by force as often as the bucket allows', () => {
    const keeper = new DrivenKeeper({ mode: 'stable', passiveBurst: 1, forceSpacingMs: 0 }).bootstrap();
    kill(keeper, 'token-1');
    expect(keeper.state.attempt).toMatchObject({ force: true });
    keeper.fetched('token-2');
    kill(keeper, 'token-2');
    expect(keeper.state).toMatchObject({ attempt: null, failure: { kind: 'throttled' } });
  });

  it('costs scheduled fetches nothing of the bucket', () => {
    const keeper = new DrivenKeeper({ mode: 'classic' }).bootstrap();
    keeper.startRefresh();
    keeper.fetched('token-2');
    expect(keeper.state.passiveFullAtMs).toBeNull();
  });
});

describe('a report when WeChat cannot be reached for a moment', () => {
  const dead = () => {
    const keeper = new DrivenKeeper({ mode: 'classic' }).bootstrap();
    keeper.report();
    keeper.check('dead');
    keeper.reportChecked();
    return keeper;
  };

  it('waits for the next fetch if that comes in time', () => {
    const keeper = dead();
    keeper.fails({ mayHaveSucceeded: true });
    const atMs = keeper.nowMs + 375;
    expect(keeper.report(keeper.version, 3_000)).toEqual({ do: 'retry-report', atMs });
    expect(keeper.report(keeper.version, 300)).toMatchObject({ verdict: { is: 'failed' } });
    keeper.nowMs = atMs;
    expect(keeper.report()).toEqual(fetching('passive'));
  });

  it('waits for the next check if that comes in time', () => {
    const keeper = new DrivenKeeper({ mode: 'classic' }).bootstrap();
    keeper.report();
    keeper.check('unreachable');
    const atMs = keeper.nowMs + 1_000;
    expect(keeper.reportChecked(keeper.version, 3_000)).toEqual({ do: 'retry-report', atMs });
    keeper.nowMs = atMs;
    expect(keeper.report(keeper.version, 2_000)).toMatchObject({ do: 'check' });
  });

  it('does not wait when WeChat rejects the fetch', () => {
    const keeper = dead();
    keeper.fails({ kind: 'misconfigured', errcode: 40164 });
    expect(keeper.report(keeper.version, 600_000)).toMatchObject({ verdict: { is: 'failed' } });
  });
});

describe('a token reported while the bucket is empty', () => {
  const suspect = () => {
    const keeper = new DrivenKeeper({ mode: 'classic', passiveBurst: 1 }).bootstrap();
    keeper.report();
    keeper.check('dead');
    keeper.reportChecked();
    keeper.fetched('token-2');
    keeper.report();
    keeper.pass(30);
    expect(keeper.wake()).toMatchObject({ do: 'check' });
    return keeper;
  };

  it('is not checked every second while WeChat is away', () => {
    const keeper = suspect();
    keeper.check('unreachable');
    expect(keeper.wake()).toEqual({ do: 'wake', atMs: keeper.nowMs + 30_000 });
    keeper.pass(30);
    expect(keeper.wake()).toMatchObject({ do: 'check' });
  });

  it('is left to the next report when a check cannot tell', () => {
    const keeper = suspect();
    keeper.check('unclear');
    expect(keeper.wake()).toEqual({ do: 'wake', atMs: keeper.state.refreshAtMs });
  });
});

describe('a hint', () => {
  const alive = (keeper: DrivenKeeper) => {
    expect(keeper.hint()).toMatchObject({ do: 'check', onHint: true });
    keeper.check('alive', true);
    expect(keeper.hint(true)).toEqual({ do: 'answer', verdict: { is: 'still-valid' } });
  };

  it('waits for the next check, which comes after two seconds at most while the token is found alive', () => {
    const keeper = new DrivenKeeper({ mode: 'classic' }).bootstrap();
    for (const seconds of [1, 2, 2, 2]) {
      alive(keeper);
      const checkedAtMs = keeper.nowMs;
      keeper.pass(0.001);
      expect(keeper.hint()).toEqual({ do: 'retry-report', atMs: checkedAtMs + seconds * 1000 });
      keeper.nowMs = checkedAtMs + seconds * 1000;
    }
  });

  it('is content with a check that was made while it waited', () => {
    const keeper = new DrivenKeeper({ mode: 'classic' }).bootstrap();
    alive(keeper);
    keeper.pass(0.5);
    expect(keeper.hint(false, 600)).toEqual({ do: 'answer', verdict: { is: 'still-valid' } });
    expect(keeper.hint(false, 400)).toMatchObject({ do: 'retry-report' });
  });

  it('does not make a report wait', () => {
    const keeper = new DrivenKeeper({ mode: 'classic' }).bootstrap();
    alive(keeper);
    keeper.pass(1);
    alive(keeper);
    keeper.pass(1);
    expect(keeper.hint()).toMatchObject({ do: 'retry-report' });
    expect(keeper.report()).toMatchObject({ do: 'check', onHint: false });
  });

  it('is followed once a minute when checks cannot tell, as when WeChat counts too many of them', () => {
    const keeper = new DrivenKeeper({ mode: 'classic' }).bootstrap();
    keeper.hint();
    keeper.check('unclear', true);
    keeper.pass(57);
    expect(keeper.hint()).toEqual({ do: 'answer', verdict: { is: 'unchecked' } });
    keeper.pass(3);
    expect(keeper.hint()).toMatchObject({ do: 'check' });
  });

  it('that proves true is followed as quickly as at first from then on', () => {
    const keeper = new DrivenKeeper({ mode: 'classic', passiveCooldownMs: 0 }).bootstrap();
    for (let times = 0; times < 5; times += 1) {
      alive(keeper);
      keeper.pass(60);
    }
    keeper.hint();
    keeper.check('dead', true);
    expect(keeper.hint(true)).toEqual(fetching('passive'));
    keeper.fetched('token-2');
    keeper.pass(1);
    alive(keeper);
  });

  it('is not believed when a check cannot tell', () => {
    const keeper = new DrivenKeeper({ mode: 'classic' }).bootstrap();
    keeper.hint();
    keeper.check('unclear', true);
    expect(keeper.hint(true)).toEqual({ do: 'answer', verdict: { is: 'unchecked' } });
  });
});
