import { describe, expect, it } from '@jest/globals';
import { defaultPolicy } from '@zhongkong/jobs/keeper';
import { toPolicy } from './to-policy.js';

describe('the policy of an app', () => {
  it.each(['stable', 'classic', 'external'] as const)(
    'is the default of its mode %s when nothing is given',
    (mode) => {
      expect(toPolicy(mode, {})).toEqual(defaultPolicy(mode));
    },
  );

  it('takes its own values first, then those for all apps, and turns seconds into milliseconds', () => {
    const forAll = { refreshLead: 600, sweep: 10, dailyBudget: 100 };
    const policy = toPolicy('classic', forAll, { refreshLead: 0.5, forceBudget: 0 });
    expect(policy).toEqual({
      ...defaultPolicy('classic'),
      leadMs: 500,
      sweepMs: 10_000,
      dailyBudget: 100,
      forceBudget: 0,
    });
  });
});
