import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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

describe('a secret', () => {
  it.each([
    ['in the file itself', { secret: 'the-secret' }, 'secret'],
    ['in a file of its own, without the white space around it', { secretFile: 'secret' }, 'secretFile'],
    ['in the environment', { secretEnv: 'THE_SECRET' }, 'secretEnv'],
    ['in another way that the caller knows', { secretSha256: 'the-secret' }, 'secretSha256'],
  ])('is found %s', (_where, entry, key) => {
    expect(resolveIn(entry, { THE_SECRET: 'the-secret' })).toEqual({ key, secret: 'the-secret' });
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
  ])('is reported when %s', (_what, entry, key, message) => {
    expect(resolveIn(entry)).toEqual({ key, message });
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
