import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { createSealer, type KeyRing, keyCheck, keyIdOf, namedKeyId } from './sealer.js';

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
    expect(() => createSealer([])).toThrow(RangeError);
    expect(keyCheck(key)).toBe(keyCheck(Buffer.from(key)));
    expect(keyCheck(randomBytes(32))).not.toBe(keyCheck(key));
    expect(keyCheck(key)).not.toContain(key.toString('hex'));
  });
});

describe('a ring of two keys', () => {
  const [oldKey, newKey] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
  const [oldCheck, newCheck] = [keyCheck(oldKey), keyCheck(newKey)];
  const ring = createSealer([newKey, oldKey]);

  it.each<[string, KeyRing, { check: string; format: 'v1' | 'v2' }, RegExp]>([
    ['names no key, as 0.1.0 reads it', ring, { check: oldCheck, format: 'v1' }, /^v1\.[\w-]+$/],
    ['names the old key', ring, { check: oldCheck, format: 'v2' }, RegExp(`^v2\\.${keyIdOf(oldCheck)}\\.`)],
    ['names the new key', ring, { check: newCheck, format: 'v2' }, RegExp(`^v2\\.${keyIdOf(newCheck)}\\.`)],
  ])(
    'seals as it was asked, and opens it whatever seals later: a value %s',
    (_name, sealer, sealing, shape) => {
      expect(sealer.sealWith(sealing)).toBe(true);
      const sealed = sealer.seal('the-token', 'wx1');
      expect(sealed).toMatch(shape);
      expect(sealer.isCurrent(sealed)).toBe(true);
      sealer.sealWith({ check: newCheck, format: 'v2' });
      expect(sealer.unseal(sealed, 'wx1')).toBe('the-token');
      expect(sealer.isCurrent(sealed)).toBe(namedKeyId(sealed) === keyIdOf(newCheck));
    },
  );

  it('does not change its way of sealing for a key that it does not have', () => {
    const before = ring.sealing;
    expect(ring.sealWith({ check: keyCheck(randomBytes(32)), format: 'v2' })).toBe(false);
    expect(ring.sealing).toEqual(before);
  });

  it('lets a key go, but never the active one; what that key sealed has an error of its own, and is counted', () => {
    const one = createSealer([newKey, oldKey]);
    one.sealWith({ check: oldCheck, format: 'v2' });
    const sealed = one.seal('the-token', 'wx1');
    expect(() => one.replaceKeys([newKey])).toThrow(RangeError);
    one.sealWith({ check: newCheck, format: 'v2' });
    one.replaceKeys([newKey]);
    expect(one.keyIds).toEqual([keyIdOf(newCheck)]);
    expect(() => one.unseal(sealed, 'wx1')).toThrow(
      expect.objectContaining({
        code: 'unknown_master_key',
        message: expect.stringContaining(keyIdOf(oldCheck)),
      }),
    );
    expect(one.unknownKeys).toBe(1);
  });
});

/** Another character in the middle: the last one of base64 may hold bits that mean nothing. */
function flipOne(sealed: string): string {
  const at = Math.floor(sealed.length / 2);
  return sealed.slice(0, at) + (sealed[at] === 'A' ? 'B' : 'A') + sealed.slice(at + 1);
}
