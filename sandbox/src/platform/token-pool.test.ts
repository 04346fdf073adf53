import { describe, expect, it } from '@jest/globals';
import { isRenewalDue, rotate, type TokenPool } from './token-pool.js';
import { checkTokenRecord, supersede, type TokenRecord } from './token-record.js';

function token(name: string, issuedAtMs: number, lifeMs = 7_200_000): TokenRecord {
  const expiresAtMs = issuedAtMs + lifeMs;
  return {
    appId: 'wx1',
    endpoint: 'token',
    accessToken: name,
    issuedAtMs,
    expiresAtMs,
    renewFromMs: expiresAtMs - 300_000,
    usableUntilMs: expiresAtMs,
    superseded: false,
  };
}

describe('rotate', () => {
  it('lets the old token live for the overlap and then answers 40001', () => {
    const old = token('old', 0);
    const pool: TokenPool = { current: old };
    rotate(pool, token('new', 1_000), 300_000, 1_000);
    expect(checkTokenRecord(old, 300_999)).toBe(0);
    expect(checkTokenRecord(old, 301_000)).toBe(40001);
    expect(pool.current?.accessToken).toBe('new');
  });

  it('never lengthens a life: an old token that ends within the overlap ends on time, as superseded', () => {
    const old = token('old', 0, 100_000);
    rotate({ current: old }, token('new', 50_000), 300_000, 50_000);
    expect(checkTokenRecord(old, 99_999)).toBe(0);
    expect(checkTokenRecord(old, 100_000)).toBe(40001);
  });

  it('drops the token before the old one at once', () => {
    const [first, second, third] = [token('1', 0), token('2', 10), token('3', 20)];
    const pool: TokenPool = { current: first };
    rotate(pool, second, 300_000, 10);
    expect(rotate(pool, third, 300_000, 20)).toBe(first);
    expect(checkTokenRecord(first, 20)).toBe(40001);
    expect(checkTokenRecord(second, 20)).toBe(0);
  });

  it('ends the old token at once with an overlap of 0', () => {
    const old = token('old', 0);
    rotate({ current: old }, token('new', 5), 0, 5);
    expect(checkTokenRecord(old, 5)).toBe(40001);
  });

  it('leaves a token that had aged out at 42001', () => {
    const old = token('old', 0, 1_000);
    rotate({ current: old }, token('new', 1_000), 300_000, 1_000);
    expect(checkTokenRecord(old, 1_000)).toBe(42001);
  });
});

describe('checkTokenRecord', () => {
  it('tells unknown, living and aged out apart', () => {
    expect(checkTokenRecord(undefined, 0)).toBe(40001);
    expect(checkTokenRecord(token('a', 0, 1_000), 999)).toBe(0);
    expect(checkTokenRecord(token('a', 0, 1_000), 1_000)).toBe(42001);
  });
});

describe('supersede', () => {
  it('shortens a life, and never lengthens one', () => {
    const record = token('a', 0, 1_000);
    supersede(record, 500, 100);
    supersede(record, 900, 200);
    expect(record.usableUntilMs).toBe(500);
  });
});

describe('isRenewalDue', () => {
  it('says so in the last five minutes and without a token', () => {
    const pool: TokenPool = { current: token('a', 0) };
    expect(isRenewalDue(pool, 6_899_999)).toBe(false);
    expect(isRenewalDue(pool, 6_900_000)).toBe(true);
    expect(isRenewalDue({}, 0)).toBe(true);
  });
});
