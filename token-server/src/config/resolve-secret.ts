import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { EnvironmentInput } from './environment.js';

/** What a secret can be read from besides the configuration file itself. */
export interface SecretSources {
  readonly environment: EnvironmentInput;
  /** Relative paths are relative to this folder: that of the configuration file. */
  readonly folder: string;
}

/** The secret and under which key it was given, or which key is wrong and why. */
export type ResolvedSecret = { readonly key: string } & (
  | { readonly secret: string }
  | { readonly message: string }
);

/**
 * Finds the secret that an entry gives under `name`, `nameFile` or `nameEnv`; `otherWays` are further keys that
 * may stand in their place and are taken as they are.
 */
export function resolveSecret(
  entry: Readonly<Record<string, unknown>>,
  name: 'secret' | 'key',
  otherWays: readonly string[],
  { environment, folder }: SecretSources,
): ResolvedSecret {
  const ways = [name, `${name}File`, `${name}Env`, ...otherWays];
  const [way, ...more] = ways.filter((candidate) => entry[candidate] !== undefined);
  if (way === undefined || more.length > 0)
    return { key: name, message: `give exactly one of ${ways.join(', ')}` };
  const value = String(entry[way]);
  switch (way) {
    case `${name}Env`:
      return environment[value]
        ? { key: way, secret: environment[value] }
        : { key: way, message: `the environment has no ${value}` };
    case `${name}File`:
      return readSecretFile(resolve(folder, value), way);
    default:
      return { key: way, secret: value };
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
