import { describe, expect, it } from '@jest/globals';
import { databaseOf, describeAddress, parseRedisUrl } from './redis-address.js';

const node = (host: string, port: number) => ({ host, port });
const faultOf = (url: string) => {
  const parsed = parseRedisUrl(url);
  return 'fault' in parsed ? parsed.fault : 'none';
};

describe('REDIS_URL', () => {
  it.each([
    [
      'redis://127.0.0.1:6379/2',
      { kind: 'single', node: node('127.0.0.1', 6379), database: 2, credentials: {}, tls: false },
    ],
    [
      'rediss://user:pa:ss@redis.internal',
      {
        kind: 'single',
        node: node('redis.internal', 6379),
        database: 0,
        credentials: { username: 'user', password: 'pa:ss' },
        tls: true,
      },
    ],
    [
      'redis+sentinel://a:26379,b/main',
      {
        kind: 'sentinel',
        sentinels: [node('a', 26379), node('b', 26379)],
        name: 'main',
        database: 0,
        credentials: {},
        sentinelCredentials: {},
        tls: false,
      },
    ],
    [
      'rediss+sentinel://:p%40%23%25ss@10.0.0.1:1,10.0.0.2:2/main/3?sentinelUsername=watch&sentinelPassword=p%26=%2Fss',
      {
        kind: 'sentinel',
        sentinels: [node('10.0.0.1', 1), node('10.0.0.2', 2)],
        name: 'main',
        database: 3,
        credentials: { password: 'p@#%ss' },
        sentinelCredentials: { username: 'watch', password: 'p&=/ss' },
        tls: true,
      },
    ],
    [
      'rediss+cluster://user:pass@a:7000,[::1]:7001/',
      {
        kind: 'cluster',
        nodes: [node('a', 7000), node('::1', 7001)],
        credentials: { username: 'user', password: 'pass' },
        tls: true,
      },
    ],
  ])('%s is understood', (url, value) => {
    expect(parseRedisUrl(url)).toEqual({ value });
  });

  it.each([
    'http://127.0.0.1',
    'redis://',
    'redis://[',
    'redis://a,b',
    'redis://host/main',
    'redis://host/-1',
    'redis://host/1/2',
    'redis://host#1',
    'redis+sentinel://a:26379',
    'redis+sentinel:///main',
    'redis+sentinel://a/main/1/2',
    'redis+cluster://',
    'redis+cluster://a:7000/0',
    'redis+cluster://a:port',
    'redis+other://a:1',
    '127.0.0.1:6379',
  ])('%s is refused', (url) => {
    expect(faultOf(url)).toMatch(/^must be in one of the forms redis:/);
  });

  it.each(['%', '@', '#', '/', '?', ' ', '%zz', '%ff'])(
    'a password with %j is refused with the advice to encode it, and not repeated',
    (character) => {
      for (const scheme of ['redis', 'rediss', 'redis+sentinel', 'redis+cluster']) {
        const fault = faultOf(`${scheme}://user:12${character}secret@host:1/main`);
        expect(fault).toContain('has to be percent-encoded');
        expect(fault).not.toMatch(/12|secret/);
      }
    },
  );

  it.each(['redis://host/0?family=6', 'redis+cluster://host?x', 'redis+sentinel://a/main?password=x'])(
    'a query is refused in %s',
    (url) => {
      expect(faultOf(url)).toContain('?sentinelUsername=…&sentinelPassword=…');
    },
  );

  it.each([
    ['redis://user:secret@host:1/4', 'redis://host:1/4', 4],
    ['rediss+sentinel://:secret@a:1,b:2/main?sentinelPassword=secret', 'rediss+sentinel://a:1,b:2/main/0', 0],
    ['redis+cluster://user:secret@a:1', 'redis+cluster://a:1', 0],
  ])('is shown without its passwords: %s', (url, shown, database) => {
    const parsed = parseRedisUrl(url);
    if ('fault' in parsed) throw new Error(parsed.fault);
    expect(describeAddress(parsed.value)).toBe(shown);
    expect(databaseOf(parsed.value)).toBe(database);
  });
});
