import { randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { makeDataFolder } from './data-folder.js';
import { StartError } from './start-error.js';

const KEY_BYTES = 32;
export const KEY_FILE = 'master.key';

/** Decodes 32 bytes of canonical base64; undefined for any other text. */
function decodeMasterKey(text: string): Buffer | undefined {
  const key = Buffer.from(text, 'base64');
  return key.length === KEY_BYTES && key.toString('base64') === text ? key : undefined;
}

/** Decodes a key, or two different ones with a comma between them, the newest first; undefined for any other text. */
export function decodeMasterKeys(text: string): Buffer[] | undefined {
  const parts = text.split(',').map((part) => part.trim());
  const keys = parts.flatMap((part) => decodeMasterKey(part) ?? []);
  const isRight = keys.length === parts.length && keys.length <= 2 && new Set(parts).size === parts.length;
  return isRight ? keys : undefined;
}

/** Reads the master keys of a data folder, two during a rotation, the newest first; generates one for a folder without data. @throws StartError */
export function masterKeyOf(dataDir: string): Buffer[] {
  const folder = resolve(dataDir);
  const path = join(folder, KEY_FILE);
  const data = join(folder, 'redis');
  if (!existsSync(path) && existsSync(data) && readdirSync(data).length > 0) {
    throw new StartError(
      `${path} is missing, and the data in ${data} cannot be read without it: restore it from your backup, give the key in ZHONGKONG_MASTER_KEY, or remove ${data} to begin anew.`,
    );
  }
  const keys = decodeMasterKeys(readOrCreate(path, () => randomBytes(KEY_BYTES).toString('base64')));
  if (keys !== undefined) return keys;
  throw new StartError(
    `${path} does not hold 32 bytes in base64: restore it from your backup, or remove the data folder to begin anew.`,
  );
}

/** The master keys of a data folder; undefined when it holds none that can be read. Changes nothing. */
export function readMasterKeys(dataDir: string): Buffer[] | undefined {
  try {
    return decodeMasterKeys(readFileSync(join(resolve(dataDir), KEY_FILE), 'utf8').trim());
  } catch {
    return undefined;
  }
}

/** Replaces the master keys of a data folder, whole or not at all. They are on the disk when it returns. @throws StartError */
export function writeMasterKeys(dataDir: string, keys: readonly Buffer[]): void {
  const folder = resolve(dataDir);
  const path = join(folder, KEY_FILE);
  const draft = `${path}.draft`;
  try {
    rmSync(draft, { force: true });
    const text = keys.map((key) => key.toString('base64')).join();
    writeFileSync(draft, `${text}\n`, { mode: 0o600, flush: true });
    renameSync(draft, path);
    flushFolder(folder);
  } catch (error) {
    throw unusable(path, (error as NodeJS.ErrnoException).code, error);
  } finally {
    rmSync(draft, { force: true });
  }
}

/** So that the new name outlives a loss of power. */
function flushFolder(folder: string): void {
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Reads a file that only its owner may read; creates it first if it does not exist. @throws StartError */
export function readOrCreate(path: string, create: () => string): string {
  makeDataFolder(resolve(path, '..'));
  const draft = `${path}.${process.pid}`;
  try {
    if (!existsSync(path)) {
      // Whole or not at all, even on a full disk; and never over one that another process has made meanwhile.
      writeFileSync(draft, `${create()}\n`, { mode: 0o600 });
      linkSync(draft, path);
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EEXIST') throw unusable(path, code, error);
  } finally {
    rmSync(draft, { force: true });
  }
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    throw unusable(path, (error as NodeJS.ErrnoException).code, error);
  }
}

function unusable(path: string, code: string | undefined, cause: unknown): StartError {
  const remedy =
    code === 'ENOSPC'
      ? 'free space on its disk'
      : 'give it to the user that runs the server, or choose another folder with DATA_DIR';
  return new StartError(`The file ${path} cannot be used (${code}): ${remedy}.`, { cause });
}
