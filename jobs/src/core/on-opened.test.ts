import { describe, expect, it } from '@jest/globals';
import { DrivenKeeper } from './testing/drive.js';
import { issued } from './testing/issued.js';

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
