import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { EnvironmentInput } from './environment.js';

/** Where a secret can be read from, besides the configuration file itself. */
export interface SecretSources {
  readonly environment: EnvironmentInput;
  /** Relative paths are relative to this folder: that of the configuration file. */
  readonly folder: string;
}

/** The secret and the key under which it is given, or the key that is wrong and why. */
export type ResolvedSecret = { readonly key: string } & (
  | { readonly secret: string }
  | { readonly message: string }
);

/**
 * Reads the secret that an entry gives under `name`, `nameFile` or `nameEnv`.
 * @param alternatives further keys that may be given instead; their value is returned unchanged
 */
export function resolveSecret(
  entry: Readonly<Record<string, unknown>>,
  name: 'secret' | 'key',
  alternatives: readonly string[],
  { environment, folder }: SecretSources,
): ResolvedSecret {
  const keys = [name, `${name}File`, `${name}Env`, ...alternatives];
  const [given, ...more] = keys.filter((key) => entry[key] !== undefined);
  if (given === undefined || more.length > 0)
    return { key: name, message: `give exactly one of ${keys.join(', ')}` };
  const value = String(entry[given]);
  switch (given) {
    case `${name}Env`:
      return environment[value]
        ? { key: given, secret: environment[value] }
        : { key: given, message: `the environment has no ${value}` };
    case `${name}File`:
      return readSecretFile(resolve(folder, value), given);
    default:
      return { key: given, secret: value };
  }
}

function readSecretFile(path: string, key: string): ResolvedSecret {
  try {
    const secret = readFileSync(path, 'utf8').trim();
    return secret === '' ? { key, message: `the file ${path} is empty` } : { key, secret };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return { key, message: `the file ${path} cannot be read (${code})` };
  }
}
