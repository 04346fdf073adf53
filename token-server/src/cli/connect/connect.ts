import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { badUsage } from '../cli-error.js';
import { type Io, languageOf } from '../io.js';
import { createOutput, type Output } from '../output/output.js';
import { type Api, createApi } from './api.js';
import type { TlsFiles } from './send.js';
import { type Address, chooseKey, parseAddress } from './settings.js';

/** What a command has once it knows its server. */
export interface Connection {
  readonly api: Api;
  readonly out: Output;
}

/** The options that every command has. */
interface SharedOptions {
  readonly url?: string;
  readonly key?: string;
  readonly ca?: string;
  readonly cert?: string;
  readonly certKey?: string;
  readonly json?: boolean;
}

/** Where the server is, and what TLS needs. @throws CliError for a wrong address, or a file that cannot be read */
export function readTarget(command: Command): { readonly address: Address; readonly tls: TlsFiles } {
  const { url, ca, cert, certKey } = command.optsWithGlobals<SharedOptions>();
  if ((cert === undefined) !== (certKey === undefined))
    throw badUsage('A client certificate needs both its files: --cert and --cert-key.');
  const tls = {
    ...(ca === undefined ? {} : { ca: readPem(ca, '--ca') }),
    ...(cert === undefined ? {} : { cert: readPem(cert, '--cert') }),
    ...(certKey === undefined ? {} : { key: readPem(certKey, '--cert-key') }),
  };
  return { address: parseAddress(url), tls };
}

/** @throws CliError for a wrong address, a file that cannot be read, or no key */
export function connect(command: Command, io: Io): Connection {
  const { key, json = false } = command.optsWithGlobals<SharedOptions>();
  const { address, tls } = readTarget(command);
  const language = languageOf(io.environment);
  const chosenKey = chooseKey({
    option: key,
    optionSource: command.getOptionValueSourceWithGlobals('key'),
    address,
    dataDir: io.environment.DATA_DIR,
    readFile: (path) => readFileSync(path, 'utf8'),
  });
  return { api: createApi({ address, tls, chosenKey, language }), out: createOutput(io, json, language) };
}

function readPem(path: string, option: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw badUsage(`The file ${path} of ${option} cannot be read (${code}).`);
  }
}
