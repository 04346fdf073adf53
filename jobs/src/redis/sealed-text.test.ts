import { describe, expect, it } from '@jest/globals';
import { readabilityOf, resealText } from './sealed-text.js';
import { createSealer, keyCheck, keyIdOf } from './sealer.js';

const [oldKey, newKey, otherKey] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2), Buffer.alloc(32, 3)];
const ring = createSealer([newKey, oldKey]);
const CONTEXTS = ['wx1/state', 'wx1/value'];
const sealedBy = (key: Buffer, context = 'wx1/state') => createSealer(key).seal('the-token', context);
const old = createSealer(oldKey);
old.sealWith({ check: keyCheck(oldKey), format: 'v1' });
const inOldFormat = (context: string) => old.seal('the-token', context);
const inJson = (sealed: string) => JSON.stringify({ format: 2, sealed });
const changed = (sealed: string) =>
  sealed.slice(0, -3) + (sealed.at(-3) === 'A' ? 'B' : 'A') + sealed.slice(-2);

describe('a stored text', () => {
  it.each<[string, string, ReturnType<typeof resealText>['is'], ReturnType<typeof readabilityOf>]>([
    ['without a sealed value', '{"format":3,"v":"v1.2"}', 'plain', { is: 'plain' }],
    ['under the new key', inJson(sealedBy(newKey)), 'current', { is: 'readable' }],
    ['under the old key', inJson(sealedBy(oldKey)), 'resealed', { is: 'readable' }],
    ['in the old format', inJson(inOldFormat('wx1/state')), 'resealed', { is: 'readable' }],
    ['that is nothing but the value', sealedBy(oldKey), 'resealed', { is: 'readable' }],
    [
      'of version 0.1.0, whose value only was sealed',
      JSON.stringify({ format: 1, record: { value: inOldFormat('wx1/value'), version: 7 } }),
      'resealed',
      { is: 'readable' },
    ],
    [
      'under a key that nobody has',
      inJson(sealedBy(otherKey)),
      'unreadable',
      { is: 'unknown key', keyId: keyIdOf(keyCheck(otherKey)) },
    ],
    ['of another app', sealedBy(oldKey, 'wx2/state'), 'unreadable', { is: 'damaged' }],
    ['that was changed', changed(sealedBy(oldKey)), 'unreadable', { is: 'damaged' }],
    [
      'in the old format that was changed',
      changed(inOldFormat('wx1/state')),
      'unreadable',
      { is: 'unknown key', keyId: null },
    ],
  ])('%s is found out', (_name, text, is, readability) => {
    expect(resealText(text, CONTEXTS, ring).is).toBe(is);
    expect(readabilityOf(text, CONTEXTS, ring)).toEqual(readability);
  });

  it('keeps everything but the sealed value, which opens with the new key alone and in its place only', () => {
    const text = JSON.stringify({
      format: 1,
      record: { value: inOldFormat('wx1/value'), version: 7 },
      more: 'v1.x',
    });
    const anew = resealText(text, CONTEXTS, ring);
    const { record, ...rest } = JSON.parse(anew.is === 'resealed' ? anew.text : '{}');
    expect([rest, record.version]).toEqual([{ format: 1, more: 'v1.x' }, 7]);
    expect(createSealer(newKey).unseal(record.value, 'wx1/value')).toBe('the-token');
    expect(() => createSealer(newKey).unseal(record.value, 'wx1/state')).toThrow();
  });
});
