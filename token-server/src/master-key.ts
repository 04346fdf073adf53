import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { StartError } from './start-error.js';

const KEY_BYTES = 32;

/** The master key of a data folder: read, or made and kept there, readable by its owner only. @throws StartError */
export function masterKeyOf(dataDir: string): Buffer {
  const path = join(resolve(dataDir), 'master.key');
  const key = Buffer.from(
    readOrCreate(path, () => randomBytes(KEY_BYTES).toString('base64')),
    'base64',
  );
  if (key.length === KEY_BYTES) return key;
  throw new StartError(
    `${path} does not hold 32 bytes in base64: restore it from your backup, or remove the data folder to begin anew.`,
  );
}

/** A text that is made once and then stays: the content of a file that only its owner can read. */
export function readOrCreate(path: string, create: () => string): string {
  mkdirSync(resolve(path, '..'), { recursive: true, mode: 0o700 });
  try {
    writeFileSync(path, `${create()}\n`, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return readFileSync(path, 'utf8').trim();
}
