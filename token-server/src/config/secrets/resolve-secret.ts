import { resolve } from 'node:path';
import type { EnvironmentInput } from '../environment.js';
import { openSecretFile } from './secret-file.js';

/** Where a secret can be read from, besides the configuration file itself. */
export interface SecretSources {
  readonly environment: EnvironmentInput;
  /** Relative paths are relative to this folder: that of the configuration file. */
  readonly folder: string;
}

/** How to read the secret and the key under which it is given, or the key that is wrong and why. */
export type ResolvedSecret = { readonly key: string } & (
  | { readonly read: () => string }
  | { readonly message: string }
);

/**
 * Finds the secret that an entry gives under `name`, `nameFile` or `nameEnv`, without the white space around it.
 * @param alternatives further keys that may be given instead; their value is returned unchanged
 */
export function resolveSecret(
  entry: Readonly<Record<string, unknown>>,
  name: 'secret' | 'key' | 'url',
  alternatives: readonly string[],
  { environment, folder }: SecretSources,
): ResolvedSecret {
  const keys = [name, `${name}File`, `${name}Env`, ...alternatives];
  const [given, ...more] = keys.filter((key) => entry[key] !== undefined);
  if (given === undefined || more.length > 0)
    return { key: name, message: `give exactly one of ${keys.join(', ')}` };
  const value = String(entry[given]).trim();
  if (given === `${name}File`) return fromFile(given, resolve(folder, value));
  const secret = given === `${name}Env` ? environment[value]?.trim() : value;
  if (secret) return { key: given, read: () => secret };
  return { key: given, message: secret === value ? 'is blank' : `the environment has no ${value}` };
}

function fromFile(key: string, path: string): ResolvedSecret {
  try {
    const file = openSecretFile(path);
    return { key, read: file.read };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const reason = error instanceof RangeError ? error.message : `cannot be read (${code})`;
    return { key, message: `the file ${path} ${reason}` };
  }
}
