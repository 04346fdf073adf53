import { describe, expect, it } from '@jest/globals';
import { DrivenKeeper } from './testing/drive.js';

describe('external mode', () => {
  const push = (keeper: DrivenKeeper, value: string, seconds = 7200) =>
    keeper.feed({ type: 'pushed', value, expiresInMs: seconds * 1000 });

  it('takes what is pushed, each new token under a higher version', () => {
    const keeper = new DrivenKeeper({ mode: 'external' });
    expect(keeper.wake()).toMatchObject({ do: 'wake' });
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
    expect(keeper.report()).toMatchObject({ do: 'check' });
    keeper.check('dead');
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
    expect(stable.wake()).toMatchObject({ do: 'wake' });
    stable.startRefresh();
    stable.fetched('token-2');
    expect(stable.version).toBeGreaterThan(external.version);
  });
});
