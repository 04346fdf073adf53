import { describe, expect, it } from '@jest/globals';
import { defaultPolicy, emptyState, type KeeperState } from '@zhongkong/jobs';
import { shanghaiDay } from '@zhongkong/shared';
import { conditionsOfApp, conditionsOfKeys } from './condition.js';

const NOW = Date.UTC(2025, 9, 9, 4);
const DAY = 86_400_000;
const failure = (kind: 'misconfigured' | 'transient') => ({
  failure: { kind, errcode: 40164, errmsg: 'invalid ip 1.2.3.4', count: 1, atMs: NOW, retryAtMs: NOW },
});
const usage = { day: shanghaiDay(NOW), fetches: 1600, forced: 0, lastForcedAtMs: null, lastFetchAtMs: null };

describe('what people have to act on', () => {
  it.each<[string, Partial<KeeperState>, string[]]>([
    ['nothing', {}, []],
    ['an outage that passes', failure('transient'), []],
    ['a refusal of WeChat', failure('misconfigured'), ['misconfigured']],
    ['one early death', { earlyDeathsAtMs: [NOW - 1] }, []],
    ['two early deaths', { earlyDeathsAtMs: [NOW - 2, NOW - 1] }, ['conflict']],
    ['80 % of a budget', { usage }, ['budget']],
  ])('%s', (_what, state, kinds) => {
    const found = conditionsOfApp('wx1', { ...emptyState, ...state }, defaultPolicy('classic'), NOW);
    expect(found.map(({ kind }) => kind)).toEqual(kinds);
  });

  it('says what WeChat answered and what to do, in both languages', () => {
    const [found] = conditionsOfApp(
      'wx1',
      { ...emptyState, ...failure('misconfigured') },
      defaultPolicy('stable'),
      NOW,
    );
    expect(found?.text.en).toMatch(/wx1: 40164 invalid ip 1.2.3.4. .*Address: 1.2.3.4/);
    expect(found?.text.zh).toMatch(/wx1 .*40164 .*IP：1.2.3.4/);
  });

  it('warns of the keys of a client from 14 days before their end on, once a client', () => {
    const found = conditionsOfKeys(
      [
        { client: 'never' },
        { client: 'later', expiresAtMs: NOW + 15 * DAY },
        { client: 'soon', expiresAtMs: NOW + 6 * DAY },
        { client: 'soon', expiresAtMs: NOW + 5 * DAY },
        { client: 'over', expiresAtMs: NOW - 1 },
      ],
      NOW,
    );
    expect(found.map(({ subject, step }) => [subject, step])).toEqual([
      ['soon', 14],
      ['over', 0],
    ]);
    expect(found[0]?.text.en).toContain('2025-10-14');
  });
});
