import { describe, expect, it } from '@jest/globals';
import { LastAnswers } from './last-answers.js';

function memory() {
  const facts = new Map<string, string>();
  return {
    facts,
    get: async (key: string) => facts.get(key) ?? null,
    set: (key: string, value: string) => void facts.set(key, value),
  };
}
const none = { get: async () => null, set: () => {} };

describe('the last answers', () => {
  it.each([
    ['the same server', false],
    ['another server', true],
  ])('make an early return to %s a hint, and nothing else', async (_where, isOther) => {
    const shared = memory();
    const answers = new LastAnswers(isOther ? shared : none);
    const asked = isOther ? new LastAnswers(shared) : answers;
    expect(await asked.isEarly('a', 7, 0)).toBe(false);
    answers.note('a', { version: 7, keepUntilMs: 1_000 }, 0);
    expect(await asked.isEarly('a', 7, 999)).toBe(true);
    expect(await asked.isEarly('a', 7, 1_000)).toBe(false);
    expect(await asked.isEarly('a', 8, 500)).toBe(false);
    expect(await asked.isEarly('b', 7, 500)).toBe(false);
  });

  it('ignore what they cannot read', async () => {
    for (const rubbish of ['', 'x', '7', '7 x', '7 1e999', '{}'])
      expect(await new LastAnswers({ ...none, get: async () => rubbish }).isEarly('a', 7, 0)).toBe(false);
  });

  it('are forgotten, the oldest first, when they become too many', async () => {
    const answers = new LastAnswers(none);
    const note = (caller: string) => answers.note(caller, { version: 1, keepUntilMs: 1_000 }, 0);
    for (let count = 0; count < 10_000; count += 1) note(`caller ${count}`);
    note('caller 0');
    note('one more');
    expect(await answers.isEarly('caller 0', 1, 0)).toBe(true);
    expect(await answers.isEarly('caller 1', 1, 0)).toBe(false);
    expect(await answers.isEarly('caller 2', 1, 0)).toBe(true);
  });
});
