import { describe, expect, it } from '@jest/globals';
import { knownLife, putRight } from './life.js';
import { DrivenKeeper } from './testing/drive.js';

const DAY = 86_400_000;

/** A keeper with a token of two hours, and what a process that has seen it since the beginning knows of its life. */
function keeperWithToken() {
  const keeper = new DrivenKeeper({ mode: 'classic' }).bootstrap();
  const life = knownLife(null, keeper.state.record, keeper.nowMs, 0);
  return { keeper, life };
}

describe('the life that is left of a record', () => {
  it('is at most what WeChat said minus what has passed by the monotonic clock', () => {
    const { keeper, life } = keeperWithToken();
    const nowMs = keeper.nowMs - DAY;
    const { record } = putRight(keeper.state, life, nowMs, 600_000);
    expect((record?.expiresAtMs ?? 0) - nowMs).toBe(7_200_000 - 600_000);
  });

  it('changes nothing while the clocks agree, and when the clock says that more has passed', () => {
    const { keeper, life } = keeperWithToken();
    expect(putRight(keeper.state, life, keeper.nowMs + 600_000, 600_000)).toBe(keeper.state);
    expect(putRight(keeper.state, life, keeper.nowMs + DAY, 600_000)).toBe(keeper.state);
  });

  it('stays known when another server has put the instants right', () => {
    const { keeper, life } = keeperWithToken();
    const nowMs = keeper.nowMs - DAY;
    const { record } = putRight(keeper.state, life, nowMs, 0);
    expect(knownLife(life, record, keeper.nowMs, 5_000)).toBe(life);
  });

  it('follows WeChat when it says that the same token lives longer', () => {
    const { keeper, life } = keeperWithToken();
    const { record } = keeper.state;
    if (record === null) throw new Error('there is no token');
    const extended = { ...record, expiresAtMs: record.expiresAtMs + 300_000 };
    expect(knownLife(life, extended, keeper.nowMs, 300_000)?.endsAt).toBe(7_500_000);
  });
});
