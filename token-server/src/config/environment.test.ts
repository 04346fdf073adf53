import { describe, expect, it } from '@jest/globals';
import { readEnvironment } from './environment.js';

describe('WECHAT_API_BASE_URL', () => {
  it.each(['https://api.weixin.qq.com', 'http://127.0.0.1:7201/', 'https://gateway.example/wechat'])(
    'may be %s',
    (url) => {
      expect(readEnvironment({ WECHAT_API_BASE_URL: url }).ok).toBe(true);
    },
  );

  it.each([
    ['nothing of the kind', 'api.weixin.qq.com'],
    ['another scheme', 'ftp://api.weixin.qq.com'],
    ['a password, which calls would not carry', 'https://user:word@gateway.example'],
    ['a query, which calls would lose', 'https://gateway.example/?to=wechat'],
    ['a fragment', 'https://gateway.example/#wechat'],
  ])('is refused with %s', (_what, url) => {
    const read = readEnvironment({ WECHAT_API_BASE_URL: url });
    expect(read.ok ? [] : read.faults).toEqual([
      {
        key: 'WECHAT_API_BASE_URL',
        place: 'environment',
        message: 'must be a URL that begins with http:// or https:// and has no user, query or fragment',
      },
    ]);
  });
});
