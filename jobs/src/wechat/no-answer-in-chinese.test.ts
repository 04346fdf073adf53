import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { noAnswerInChinese } from './no-answer-in-chinese.js';

const SOURCES = ['client.ts', 'fetch-outcome.ts', 'ticket.ts'];
/** Quoted texts that begin as the reasons for no answer do. */
const REASON = /['`]((?:it|its|a web page|the connection|there is no access) [^'`]+)['`]/g;

describe('why WeChat gave no usable answer', () => {
  const reasons = SOURCES.flatMap((name) =>
    [...readFileSync(new URL(`../../src/wechat/${name}`, import.meta.url), 'utf8').matchAll(REASON)].map(
      ([, reason = '']) => reason.replace(/\$\{[^}]*\}/g, '502'),
    ),
  );

  it('is said in Chinese for every reason that the code has', () => {
    expect(reasons).toContain('it did not answer in time');
    expect(reasons.filter((reason) => !/[一-鿿]/.test(noAnswerInChinese(reason)))).toEqual([]);
  });

  it('keeps what varies, and leaves what is not ours as it is', () => {
    expect(noAnswerInChinese('it answered HTTP 502')).toBe('微信返回了 HTTP 502');
    expect(noAnswerInChinese('the connection failed (ECONNRESET)')).toBe('连接失败（ECONNRESET）');
    expect(noAnswerInChinese('system error')).toBe('system error');
  });
});
