import { describe, expect, it } from '@jest/globals';
import { adviceFor, logConsole } from './library-warnings.js';
import { createLogger } from './logger.js';

describe('a warning of a library', () => {
  it.each([
    [
      'IMPORTANT! Eviction policy is allkeys-lru. It should be "noeviction"',
      /\(maxmemory-policy allkeys-lru\): set maxmemory-policy to noeviction$/,
    ],
    [
      'It is highly recommended to use a minimum Redis version of 6.2.0\n Current: 5.0',
      /update Redis to 6\.2\.0 or later$/,
    ],
    ['Skipping the ready check because INFO command fails: "NOPERM". You can …', /allow it with \+info$/],
    [
      "[WARN] This Redis server's `default` user does not require a password, but a password was supplied",
      /right Redis/,
    ],
    ['something that we do not know', /^something that we do not know$/],
  ])('says what to do: %j', (text, advice) => {
    expect(adviceFor(text)).toMatch(advice);
  });

  it('is one log line, once, and shows no secret of a URL', () => {
    const lines: string[] = [];
    const target = { log() {}, info() {}, warn(..._values: unknown[]) {}, error(..._values: unknown[]) {} };
    logConsole(
      createLogger('info', (line) => lines.push(line)),
      target,
    );
    for (let times = 0; times < 3; times += 1) target.warn('failed: %s', 'https://a/b?access_token=SECRET');
    target.error('another one');
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({
        level: 'warn',
        from: 'library',
        msg: 'failed: https://a/b?access_token=***',
      }),
      expect.objectContaining({ level: 'warn', msg: 'another one' }),
    ]);
  });
});
