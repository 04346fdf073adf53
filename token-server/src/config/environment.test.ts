import { describe, expect, it } from '@jest/globals';
import { readEnvironment } from './environment.js';

const MASTER_KEY = Buffer.alloc(32, 7);

function faultsIn(environment: Record<string, string>): string[] {
  const read = readEnvironment(environment);
  return read.ok ? [] : read.faults.map(({ key, message }) => `${key}: ${message}`);
}

describe('the environment', () => {
  it('has a default for what is not given; an empty value counts as not given', () => {
    expect(readEnvironment({ PORT: '', REDIS_URL: '', PATH: '/bin' })).toEqual({
      ok: true,
      value: {
        PORT: 7200,
        HOST: '127.0.0.1',
        REDIS_PREFIX: 'zhongkong',
        DATA_DIR: './data',
        MAX_CONNECTIONS: 15_000,
        KEEP_ALIVE: 65,
        DRAIN_DELAY: 0,
        ACCESS_LOG: 'errors',
        OTEL_SERVICE_NAME: 'zhongkong',
        OTEL_TRACES_SAMPLER: 'parentbased_always_on',
        OTEL_TRACES_SAMPLER_ARG: 1,
      },
    });
  });

  it('gives values, not texts: the address of Redis, the bytes of the master key', () => {
    const read = readEnvironment({
      PORT: '0',
      REDIS_URL: ' redis://127.0.0.1:6379\n',
      ZHONGKONG_MASTER_KEY: MASTER_KEY.toString('base64'),
    });
    expect(read.ok && read.value).toMatchObject({
      PORT: 0,
      REDIS_URL: { kind: 'single', node: { host: '127.0.0.1', port: 6379 } },
      ZHONGKONG_MASTER_KEY: [MASTER_KEY],
    });
  });

  it('is reported whole, without the values', () => {
    const faults = faultsIn({ PORT: 'many', LOG_LEVEL: 'loud', REDIS_URL: 'redis//:the-password@host' });
    expect(faults.map((fault) => fault.split(':')[0])).toEqual([
      'PORT',
      'REDIS_URL',
      'LOG_LEVEL',
      'ZHONGKONG_MASTER_KEY',
    ]);
    expect(faults.join()).not.toMatch(/many|loud|the-password/);
  });

  it('takes two master keys while one replaces the other, the new one first', () => {
    const [one, other] = [MASTER_KEY, Buffer.alloc(32, 8)];
    const text = `${one.toString('base64')}, ${other.toString('base64')}`;
    const read = readEnvironment({ ZHONGKONG_MASTER_KEY: text });
    expect(read.ok && read.value.ZHONGKONG_MASTER_KEY).toEqual([one, other]);
  });

  it.each([
    ['a comma and nothing behind it', `${MASTER_KEY.toString('base64')},`],
    ['the same key twice', `${MASTER_KEY.toString('base64')},${MASTER_KEY.toString('base64')}`],
    ['a third key', [1, 2, 3].map((byte) => Buffer.alloc(32, byte).toString('base64')).join()],
    ['one byte too many', Buffer.alloc(33).toString('base64')],
    ['the last character missing', MASTER_KEY.toString('base64').slice(0, -1)],
    ['base64url', Buffer.alloc(32, 0xfb).toString('base64url')],
    ['bits that belong to no byte', `${MASTER_KEY.toString('base64').slice(0, -2)}9=`],
  ])('is reported with a master key that has %s', (_what, key) => {
    expect(faultsIn({ ZHONGKONG_MASTER_KEY: key })).toEqual([
      'ZHONGKONG_MASTER_KEY: must be 32 bytes in base64, or two different keys as new,old; make one with: openssl rand -base64 32',
    ]);
  });

  it('is reported with a ready descriptor that is not open', () => {
    expect(faultsIn({ ZHONGKONG_READY_FD: '99' })).toEqual([
      expect.stringContaining('ZHONGKONG_READY_FD: is not a descriptor that is open for writing'),
    ]);
  });
});

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
