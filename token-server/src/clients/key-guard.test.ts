import { describe, expect, it } from '@jest/globals';
import type { ClientSettings } from '../config/config.js';
import { createKeyGuard, networkOf } from './key-guard.js';

const client = { name: 'orders', keySha256: 'hash', apps: ['*'], scopes: [] } as unknown as ClientSettings;

function start(holdMs = 1) {
  let nowMs = 0;
  const warnings: object[] = [];
  const answers = { refused: 0, 'not checked': 0 };
  const guard = createKeyGuard({
    findKey: (key) => (key === 'right' ? client : undefined),
    log: { warn: (fields: object) => void warnings.push(fields) } as never,
    metrics: {
      wrongKey(answer) {
        answers[answer] += 1;
      },
    },
    nowMs: () => nowMs,
    holdMs,
  });
  const find = (key: string, address = '192.0.2.1') => guard.find([key], address);
  return {
    answers,
    warnings,
    find,
    async guess(count: number, address?: string) {
      for (let guessed = 0; guessed < count; guessed += 1) await find(`wrong ${guessed}`, address);
    },
    pass(seconds: number) {
      nowMs += seconds * 1000;
    },
  };
}

describe('guesses at client keys', () => {
  it('are slowed down when there are too many from one address, and then one a second goes through again', async () => {
    const { find, guess, pass } = start(10_000_000);
    await guess(60);
    for (let held = 0; held < 10; held += 1) void find('wrong');
    await expect(find('wrong')).rejects.toMatchObject({ code: 'too_many_guesses' });
    await expect(find('right')).rejects.toMatchObject({ code: 'too_many_guesses' });
    expect(await find('wrong', '192.0.2.2')).toBeUndefined();
    pass(1);
    expect(await find('right')).toBe(client);
  });

  it('do not slow down a key of the same address that was right before', async () => {
    const { find, guess } = start(10_000_000);
    expect(await find('right')).toBe(client);
    await guess(60);
    expect(await find('right')).toBe(client);
  });

  it('hold a right key that is new as long as a wrong one', async () => {
    const { find, guess } = start(5);
    await guess(60);
    expect(await find('right')).toBe(client);
  });

  it('are warned of once a minute, with the address', async () => {
    const { warnings, guess, pass } = start();
    await guess(59);
    expect(warnings).toEqual([]);
    await guess(20);
    expect(warnings).toEqual([{ address: '192.0.2.1', wrongKeys: 60 }]);
    pass(59);
    await guess(80);
    expect(warnings).toHaveLength(1);
    pass(1);
    await guess(80);
    expect(warnings).toHaveLength(2);
  });

  it('are counted', async () => {
    const { answers, find, guess } = start(10_000_000);
    await guess(60);
    for (let held = 0; held < 10; held += 1) void find('wrong');
    await find('wrong').catch(() => {});
    expect(answers).toEqual({ refused: 60, 'not checked': 1 });
  });

  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['', ''],
  ])('from %s belong to %s', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });
});
