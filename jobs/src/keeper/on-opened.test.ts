import { describe, expect, it } from '@jest/globals';
import { DrivenKeeper } from './testing/drive.js';
import { fetching } from './testing/fetching.js';

describe('a change of origin', () => {
  const misconfigured = () => {
    const keeper = new DrivenKeeper({ mode: 'classic' });
    keeper.open();
    keeper.wake();
    keeper.fails({ kind: 'misconfigured', errcode: 40125 });
    return keeper;
  };

  it('of the secret is tried at once', () => {
    const keeper = misconfigured();
    expect(keeper.wake()).toMatchObject({ do: 'wake' });
    keeper.origin = { ...keeper.origin, credentials: 'the right secret' };
    keeper.open();
    expect(keeper.wake()).toEqual(fetching('bootstrap'));
  });

  it('that nobody can see, like a whitelist, is tried when the server is started anew', () => {
    const keeper = misconfigured();
    keeper.open();
    expect(keeper.wake()).toMatchObject({ do: 'wake' });
    keeper.open({ isStart: true });
    expect(keeper.wake()).toEqual(fetching('bootstrap'));
  });

  it('of WeChat makes every token a foreign one, and versions grow on', () => {
    const keeper = new DrivenKeeper({ mode: 'classic' });
    keeper.open();
    keeper.bootstrap();
    const { version } = keeper;
    keeper.origin = { ...keeper.origin, upstream: 'another WeChat' };
    keeper.open();
    expect(keeper.state.record).toBeNull();
    expect(keeper.wake()).toEqual(fetching('bootstrap'));
    keeper.fetched('token-there');
    expect(keeper.version).toBeGreaterThan(version);
  });
});

describe('a clock that is set back, as by a failover to a Redis with another time,', () => {
  it('does not keep a report, a back-off or a cooldown waiting until it has caught up', () => {
    const keeper = new DrivenKeeper({ mode: 'classic' }).bootstrap();
    keeper.report();
    keeper.check('alive');
    keeper.pass(-3_600);
    expect(keeper.report()).toMatchObject({ do: 'check' });
    keeper.check('dead');
    keeper.reportChecked();
    keeper.fetched('token-2');
    keeper.pass(-3_600);
    expect(keeper.report()).toMatchObject({ do: 'check' });
    keeper.check('dead');
    keeper.reportChecked();
    keeper.fails({ kind: 'misconfigured' });
    keeper.pass(-3_600);
    expect(keeper.report()).toEqual(fetching('passive'));
  });

  it('makes a token suspect whose end it does not know any more: it is replaced at once, and once', () => {
    const keeper = new DrivenKeeper({ mode: 'stable' }).bootstrap();
    keeper.pass(-3_600);
    expect(keeper.wake()).toEqual(fetching('recovery'));
    keeper.fetched('token-1', 7_000);
    expect(keeper.state.record?.expiresAtMs).toBe(keeper.nowMs + 7_000_000);
    expect(keeper.wake()).toMatchObject({ do: 'wake' });
  });
});
