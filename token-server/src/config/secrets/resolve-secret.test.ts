import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { resolveSecret } from './resolve-secret.js';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'zhongkong-'));
  writeFileSync(join(folder, 'secret'), '\n the-secret \n');
  writeFileSync(join(folder, 'empty'), ' \n');
});
afterAll(() => rmSync(folder, { recursive: true }));

const resolveIn = (entry: Record<string, unknown>, environment = {}) =>
  resolveSecret(entry, 'secret', ['secretSha256'], { environment, folder });

function secretIn(entry: Record<string, unknown>, environment = {}): string {
  const found = resolveIn(entry, environment);
  if ('message' in found) throw new Error(found.message);
  return found.read();
}

describe('a secret', () => {
  it.each([
    ['in the file itself', { secret: ' the-secret ' }],
    ['in a file of its own', { secretFile: 'secret' }],
    ['in the environment', { secretEnv: 'THE_SECRET' }],
    ['in a variable with a name like our own', { secretEnv: 'ZHONGKONG_SECRET' }],
    ['in another way that the caller knows', { secretSha256: 'the-secret' }],
  ])('is found %s, without the white space around it', (_where, entry) => {
    const environment = { THE_SECRET: '\tthe-secret\n', ZHONGKONG_SECRET: 'the-secret\r\n' };
    expect(secretIn(entry, environment)).toBe('the-secret');
  });

  it('is read again when its file is replaced; the last one counts while the file is missing or empty', () => {
    const path = join(folder, 'replaced');
    writeFileSync(path, 'the-first');
    const found = resolveIn({ secretFile: 'replaced' });
    const read = () => ('read' in found ? found.read() : '');
    expect(read()).toBe('the-first');
    writeFileSync(path, '');
    expect(read()).toBe('the-first');
    rmSync(path);
    expect(read()).toBe('the-first');
    writeFileSync(join(folder, 'next'), 'the-second');
    renameSync(join(folder, 'next'), path);
    expect(read()).toBe('the-second');
  });

  it.each([
    ['no key is given', {}, 'secret', 'give exactly one of secret, secretFile, secretEnv, secretSha256'],
    [
      'two keys are given',
      { secret: 'a', secretEnv: 'B' },
      'secret',
      'give exactly one of secret, secretFile, secretEnv, secretSha256',
    ],
    ['the variable is not set', { secretEnv: 'NOT_SET' }, 'secretEnv', 'the environment has no NOT_SET'],
    ['it is blank', { secret: ' \n' }, 'secret', 'is blank'],
    ['the variable is blank', { secretEnv: 'BLANK' }, 'secretEnv', 'the environment has no BLANK'],
  ])('is reported when %s', (_what, entry, key, message) => {
    expect(resolveIn(entry, { BLANK: ' ' })).toEqual({ key, message });
  });

  it('is reported when its file is missing or empty, with the path', () => {
    expect(resolveIn({ secretFile: 'missing' })).toEqual({
      key: 'secretFile',
      message: `the file ${join(folder, 'missing')} cannot be read (ENOENT)`,
    });
    expect(resolveIn({ secretFile: 'empty' })).toEqual({
      key: 'secretFile',
      message: `the file ${join(folder, 'empty')} is empty`,
    });
  });
});
