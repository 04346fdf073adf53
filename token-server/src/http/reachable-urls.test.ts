import { describe, expect, it } from '@jest/globals';
import { reachableUrls } from './reachable-urls.js';

const INTERFACES = {
  lo: [
    { address: '127.0.0.1', family: 'IPv4', internal: true },
    { address: '::1', family: 'IPv6', internal: true },
  ],
  eth0: [
    { address: '10.1.2.3', family: 'IPv4', internal: false },
    { address: '2001:db8::7', family: 'IPv6', internal: false },
    { address: 'fe80::1', family: 'IPv6', internal: false },
  ],
} as const;

describe('the addresses that are shown', () => {
  it.each([
    ['127.0.0.1', 'http://127.0.0.1:7200', []],
    ['10.1.2.3', 'http://10.1.2.3:7200', []],
    ['::1', 'http://[::1]:7200', []],
    ['0.0.0.0', 'http://127.0.0.1:7200', ['http://10.1.2.3:7200']],
    ['::', 'http://localhost:7200', ['http://10.1.2.3:7200', 'http://[2001:db8::7]:7200']],
  ])('of a server that listens on %s can be called', (address, url, networkUrls) => {
    const interfaces = { lo: [...INTERFACES.lo], eth0: [...INTERFACES.eth0] };
    expect(reachableUrls({ address, port: 7200 }, interfaces)).toEqual({ url, networkUrls });
  });

  it('begin with https when the server has a certificate', () => {
    expect(reachableUrls({ address: '::1', port: 7200 }, {}, 'https').url).toBe('https://[::1]:7200');
  });
});
