import { describe, expect, it } from '@jest/globals';
import { parseTrustProxy, trustOf } from './trust-proxy.js';

describe('TRUST_PROXY', () => {
  it.each([
    '10.0.0.7',
    '10.0.0.0/8',
    '10.0.0.0/255.0.0.0',
    '::1',
    'fd00::/8',
    'loopback',
    'linklocal',
    'uniquelocal',
    ' loopback , 10.1.2.3 ',
  ])('takes %j', (text) => {
    expect(parseTrustProxy(text)).toEqual({ value: text.split(',').map((entry) => entry.trim()) });
  });

  it.each([
    ['true', 1],
    ['1', 1],
    ['nginx', 1],
    ['10.0.0.0/33', 1],
    ['10.0.0.7,', 2],
    ['loopback, 10.0.0', 2],
    ['*', 1],
  ])('refuses %j and says which entry is wrong', (text, entry) => {
    expect(parseTrustProxy(text)).toEqual({ fault: expect.stringMatching(`^entry ${entry} is no address`) });
  });

  it.each([
    [[], '127.0.0.1', false],
    [['loopback'], '127.0.0.1', true],
    [['loopback'], '::1', true],
    [['loopback'], '::ffff:127.0.0.1', true],
    [['loopback'], '10.0.0.1', false],
    [['loopback'], undefined, true],
    [['10.0.0.0/8'], '10.9.9.9', true],
    [['10.0.0.0/8'], '11.0.0.1', false],
    [['10.0.0.0/8'], undefined, false],
    [['10.0.0.0/8', 'fd00::/8'], 'fd12::1', true],
    [['10.0.0.0/8'], 'nonsense', false],
  ])('of %j: the word of %s counts: %s', (proxies, address, expected) => {
    expect(trustOf(proxies)(address, 0)).toBe(expected);
  });
});
