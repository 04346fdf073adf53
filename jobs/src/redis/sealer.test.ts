import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { createSealer } from './sealer.js';

const key = randomBytes(32);

describe('sealing', () => {
  it('hides the text, differently each time, and opens again', () => {
    const sealer = createSealer(key);
    const sealed = sealer.seal('the-token', 'wx1/access-token');
    expect(sealed).not.toContain('the-token');
    expect(sealer.seal('the-token', 'wx1/access-token')).not.toBe(sealed);
    expect(sealer.unseal(sealed, 'wx1/access-token')).toBe('the-token');
  });

  it.each([
    ['of another app', (sealed: string) => createSealer(key).unseal(sealed, 'wx2/access-token')],
    [
      'under another key',
      (sealed: string) => createSealer(randomBytes(32)).unseal(sealed, 'wx1/access-token'),
    ],
    ['that was changed', (sealed: string) => createSealer(key).unseal(flipOne(sealed), 'wx1/access-token')],
    [
      'that was cut off',
      (sealed: string) => createSealer(key).unseal(sealed.slice(0, 20), 'wx1/access-token'),
    ],
    ['of an unknown format', () => createSealer(key).unseal('v9.AAAA', 'wx1/access-token')],
  ])('does not open what is %s', (_name, open) => {
    const sealed = createSealer(key).seal('the-token', 'wx1/access-token');
    expect(() => open(sealed)).toThrow();
  });

  it('takes 32 bytes and nothing else for a key, and can tell keys apart without showing them', () => {
    expect(() => createSealer(Buffer.alloc(31))).toThrow(RangeError);
    expect(createSealer(key).keyCheck).toBe(createSealer(key).keyCheck);
    expect(createSealer(randomBytes(32)).keyCheck).not.toBe(createSealer(key).keyCheck);
    expect(createSealer(key).keyCheck).not.toContain(key.toString('hex'));
  });
});

/** Another character in the middle: the last one of base64 may hold bits that mean nothing. */
function flipOne(sealed: string): string {
  const at = Math.floor(sealed.length / 2);
  return sealed.slice(0, at) + (sealed[at] === 'A' ? 'B' : 'A') + sealed.slice(at + 1);
}
