import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { makeDataFolder } from './data-folder.js';
import { StartError } from './start-error.js';

const KEY_BYTES = 32;

/** Decodes 32 bytes of canonical base64; undefined for any other text. */
export function decodeMasterKey(text: string): Buffer | undefined {
  const key = Buffer.from(text, 'base64');
  return key.length === KEY_BYTES && key.toString('base64') === text ? key : undefined;
}

/** Reads the master key of a data folder; generates one if there is none. @throws StartError */
export function masterKeyOf(dataDir: string): Buffer {
  const path = join(resolve(dataDir), 'master.key');
  const key = decodeMasterKey(readOrCreate(path, () => randomBytes(KEY_BYTES).toString('base64')));
  if (key !== undefined) return key;
  throw new StartError(
    `${path} does not hold 32 bytes in base64: restore it from your backup, or remove the data folder to begin anew.`,
  );
}

/** Reads a file that only its owner may read; creates it first if it does not exist. @throws StartError */
export function readOrCreate(path: string, create: () => string): string {
  makeDataFolder(resolve(path, '..'));
  try {
    writeFileSync(path, `${create()}\n`, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EEXIST') throw unusable(path, code, error);
  }
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    throw unusable(path, (error as NodeJS.ErrnoException).code, error);
  }
}

function unusable(path: string, code: string | undefined, cause: unknown): StartError {
  const message = `The file ${path} cannot be used (${code}): give it to the user that runs the server, or choose another folder with DATA_DIR.`;
  return new StartError(message, { cause });
}
