import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { makeDataFolder } from './data-folder.js';
import { masterKeyOf } from './master-key.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'zhongkong-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('the master key of a data folder', () => {
  it('is made once, for its owner only, and leaves no draft behind', () => {
    const key = masterKeyOf(folder);
    expect(masterKeyOf(folder)).toEqual(key);
    expect(statSync(join(folder, 'master.key')).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['master.key']);
  });

  it('that was lost is named, and no new one is made beside old data', () => {
    mkdirSync(join(folder, 'redis'));
    masterKeyOf(folder);
    rmSync(join(folder, 'master.key'));
    writeFileSync(join(folder, 'redis', 'appendonly.aof'), 'data');
    expect(() => masterKeyOf(folder)).toThrow(
      `${folder}/master.key is missing, and the data in ${folder}/redis cannot be read without it: restore it from your backup, give the key in ZHONGKONG_MASTER_KEY, or remove ${folder}/redis to begin anew.`,
    );
    expect(existsSync(join(folder, 'master.key'))).toBe(false);
  });

  it('that is not a key is named', () => {
    writeFileSync(join(folder, 'master.key'), 'too short');
    expect(() => masterKeyOf(folder)).toThrow('master.key does not hold 32 bytes in base64');
  });
});

describe('a data folder that cannot be made', () => {
  it.each(['/proc/zhongkong/data', '/dev/null/data'])('is reported at once: %s', (path) => {
    expect(() => makeDataFolder(path)).toThrow(/^The data folder .* cannot be made \(E\w+\): choose another/);
  });

  it('is reported when a file has its name', () => {
    writeFileSync(join(folder, 'data'), '');
    expect(() => makeDataFolder(join(folder, 'data'))).toThrow('cannot be made (ENOTDIR)');
  });
});
