import { describe, expect, it } from '@jest/globals';
import { callerAddress } from './caller-address.js';

describe('the address of a caller', () => {
  it.each([
    ['203.0.113.9', '203.0.113.9'],
    ['203.0.113.9:41234', '203.0.113.9'],
    ['::ffff:203.0.113.9', '203.0.113.9'],
    ['2001:db8::9', '2001:db8::9'],
    ['[2001:db8::9]:41234', '2001:db8::9'],
    ['[2001:db8::9]', '2001:db8::9'],
  ])('%s is %s', (ip, address) => {
    expect(callerAddress({ ip, socket: { remoteAddress: '10.0.0.1' } })).toBe(address);
  });

  it.each(['unknown', '_hidden', '', '203.0.113.9:', 'x'.repeat(5_000), undefined])(
    '%j is none: that of the connection counts',
    (ip) => {
      expect(callerAddress({ ip, socket: { remoteAddress: '::ffff:10.0.0.1' } })).toBe('10.0.0.1');
    },
  );

  it('is empty over a unix socket', () => {
    expect(callerAddress({ ip: undefined, socket: {} })).toBe('');
  });
});
