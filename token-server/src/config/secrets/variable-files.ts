import { resolve } from 'node:path';
import type { ConfigFault } from '../config-error.js';
import { openSecretFile } from './secret-file.js';

/** Variables with a secret in their value, which can be given as the path of a file that holds it: `REDIS_URL_FILE`. */
export const FILE_VARIABLES = ['REDIS_URL', 'ZHONGKONG_MASTER_KEY'] as const;

export interface VariablesFromFiles {
  /** The values that were read, by the name of the variable. */
  readonly values: Readonly<Record<string, string>>;
  readonly faults: readonly ConfigFault[];
}

/** Reads the files that variables name; relative paths are relative to the folder. */
export function readVariableFiles(
  given: Readonly<Record<string, string | undefined>>,
  folder: string,
): VariablesFromFiles {
  const values: Record<string, string> = {};
  const faults: ConfigFault[] = [];
  for (const name of FILE_VARIABLES) {
    const key = `${name}_FILE`;
    const path = given[key];
    if (path === undefined) continue;
    const read = readSecret(resolve(folder, path));
    if (given[name] !== undefined) faults.push(faultOf(key, `is given, and ${name} too: give one of them`));
    else if ('value' in read) values[name] = read.value;
    else faults.push(faultOf(key, read.message));
  }
  return { values, faults };
}

function readSecret(path: string): { value: string } | { message: string } {
  try {
    return { value: openSecretFile(path).read() };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const reason = error instanceof RangeError ? error.message : `cannot be read (${code})`;
    return { message: `the file ${path} ${reason}` };
  }
}

function faultOf(key: string, message: string): ConfigFault {
  return { key, place: 'environment', message };
}
