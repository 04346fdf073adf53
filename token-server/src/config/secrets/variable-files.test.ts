import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { readEnvironment } from '../environment.js';

const KEY = Buffer.alloc(32, 7);
const folder = mkdtempSync(join(tmpdir(), 'zhongkong-variables-'));
afterAll(() => rmSync(folder, { recursive: true }));

writeFileSync(join(folder, 'redis'), 'redis://:the-password@127.0.0.1:6379\n');
writeFileSync(join(folder, 'key'), `${KEY.toString('base64')}\n`);
writeFileSync(join(folder, 'blank'), ' \n');
writeFileSync(join(folder, 'nonsense'), 'the-password');

function faultsIn(environment: Record<string, string>): string[] {
  const read = readEnvironment(environment, folder);
  return read.ok ? [] : read.faults.map(({ key, place, message }) => `${key} (${place}): ${message}`);
}

describe('a variable whose value stands in a file', () => {
  it('counts as the variable itself', () => {
    const read = readEnvironment(
      { REDIS_URL_FILE: 'redis', ZHONGKONG_MASTER_KEY_FILE: join(folder, 'key') },
      folder,
    );
    expect(read.ok && read.value).toMatchObject({
      REDIS_URL: { kind: 'single', node: { host: '127.0.0.1', port: 6379 } },
      ZHONGKONG_MASTER_KEY: [KEY],
    });
  });

  it.each<[string, Record<string, string>, RegExp[]]>([
    [
      'is given in both ways',
      { REDIS_URL: 'redis://h', REDIS_URL_FILE: 'redis', ZHONGKONG_MASTER_KEY_FILE: 'key' },
      [/^REDIS_URL_FILE \(environment\): is given, and REDIS_URL too: give one of them$/],
    ],
    [
      'is not there',
      { ZHONGKONG_MASTER_KEY_FILE: 'nothing' },
      [/^ZHONGKONG_MASTER_KEY_FILE .*\/nothing cannot be read \(ENOENT\)$/],
    ],
    [
      'is a folder',
      { ZHONGKONG_MASTER_KEY_FILE: '.' },
      [/^ZHONGKONG_MASTER_KEY_FILE .* cannot be read \(EISDIR\)$/],
    ],
    [
      'is blank',
      { REDIS_URL_FILE: 'blank', ZHONGKONG_MASTER_KEY_FILE: 'key' },
      [/^REDIS_URL_FILE .* is empty$/],
    ],
    [
      'is wrong',
      { ZHONGKONG_MASTER_KEY_FILE: 'nonsense' },
      [/^ZHONGKONG_MASTER_KEY_FILE \(environment\): must be 32 bytes/],
    ],
    [
      'needs the other one',
      { REDIS_URL_FILE: 'redis' },
      [/^ZHONGKONG_MASTER_KEY .* is missing; REDIS_URL needs it/],
    ],
  ])('is a fault under its own name, without its value, when it %s', (_when, environment, expected) => {
    const faults = faultsIn(environment);
    expect(faults).toEqual(expected.map((pattern) => expect.stringMatching(pattern)));
    expect(faults.join()).not.toContain('the-password');
  });
});
