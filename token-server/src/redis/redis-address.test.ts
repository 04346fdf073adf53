import { describe, expect, it } from '@jest/globals';
import { describeAddress, parseRedisUrl } from './redis-address.js';

const node = (host: string, port: number) => ({ host, port });

describe('REDIS_URL', () => {
  it.each([
    ['redis://127.0.0.1:6379/2', { kind: 'single', url: 'redis://127.0.0.1:6379/2' }],
    [
      'rediss://user:pass@redis.internal:6380',
      { kind: 'single', url: 'rediss://user:pass@redis.internal:6380' },
    ],
    [
      'redis+sentinel://a:26379,b/main',
      { kind: 'sentinel', sentinels: [node('a', 26379), node('b', 26379)], name: 'main', credentials: {} },
    ],
    [
      'redis+sentinel://:p%40ss@10.0.0.1:1,10.0.0.2:2/main',
      {
        kind: 'sentinel',
        sentinels: [node('10.0.0.1', 1), node('10.0.0.2', 2)],
        name: 'main',
        credentials: { password: 'p@ss' },
      },
    ],
    [
      'redis+cluster://user:pa:ss@a:7000,[::1]:7001',
      {
        kind: 'cluster',
        nodes: [node('a', 7000), node('::1', 7001)],
        credentials: { username: 'user', password: 'pa:ss' },
      },
    ],
  ])('%s is understood', (url, address) => {
    expect(parseRedisUrl(url)).toEqual(address);
  });

  it.each([
    'http://127.0.0.1',
    'redis://[',
    'redis://host/main',
    'redis://host/-1',
    'redis://host/1/2',
    'redis+sentinel://a:26379',
    'redis+sentinel:///main',
    'redis+cluster://',
    'redis+cluster://a:7000/name',
    'redis+cluster://a:port',
    'redis+other://a:1',
    '127.0.0.1:6379',
  ])('%s is refused', (url) => {
    expect(parseRedisUrl(url)).toBeUndefined();
  });

  it.each([
    ['redis://user:secret@host:1/0?x=secret', 'redis://host:1'],
    ['redis+sentinel://:secret@a:1,b:2/main', 'redis+sentinel://a:1,b:2/main'],
    ['redis+cluster://user:secret@a:1', 'redis+cluster://a:1'],
  ])('is shown without its password: %s', (url, shown) => {
    const address = parseRedisUrl(url);
    expect(address && describeAddress(address)).toBe(shown);
  });
});
