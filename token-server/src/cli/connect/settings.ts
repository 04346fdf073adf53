import { join } from 'node:path';
import { badUsage } from '../cli-error.js';

const DEFAULT_URL = 'http://127.0.0.1:7200';
const UNIX = /^unix:(?:\/\/)?(?=\/)/;
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/** Where the server is. */
export interface Address {
  /** For messages. */
  readonly name: string;
  /** Of a socket, the host is only what the request says. */
  readonly base: URL;
  readonly socketPath?: string;
}

/** @throws CliError when it is no address of a server */
export function parseAddress(text: string = DEFAULT_URL): Address {
  const given = text.trim() || DEFAULT_URL;
  if (UNIX.test(given))
    return { name: given, base: new URL('http://localhost'), socketPath: given.replace(UNIX, '') };
  const base = URL.canParse(given) ? new URL(given) : undefined;
  if (base === undefined || !/^https?:$/.test(base.protocol) || base.search || base.hash)
    throw badUsage(
      'The address of the server must look like http://127.0.0.1:7200, https://tokens.example.com or unix:/run/zhongkong.sock: correct --url or ZHONGKONG_URL.',
    );
  if (base.username || base.password)
    throw badUsage(
      'The address of the server holds a password: give a client key with --key or ZHONGKONG_API_KEY instead.',
    );
  return { name: given.replace(/\/+$/, ''), base };
}

/** Whether the server is on the machine of this command. */
export function isOnThisMachine({ socketPath, base }: Address): boolean {
  return socketPath !== undefined || LOOPBACK.test(base.hostname);
}

export interface ChosenKey {
  readonly key: string;
  /** Where it came from, for messages; the key itself is never printed. */
  readonly source: string;
}

export interface KeyInput {
  readonly option: string | undefined;
  readonly optionSource: string | undefined;
  readonly address: Address;
  /** As in the environment: DATA_DIR. */
  readonly dataDir: string | undefined;
  /** @throws what node:fs throws */
  readonly readFile: (path: string) => string;
}

/**
 * The key of the command: as given, or that of the server on this machine. The latter is sent to this machine only.
 * @throws CliError when there is none
 */
export function chooseKey({ option, optionSource, address, dataDir, readFile }: KeyInput): ChosenKey {
  const source = optionSource === 'env' ? 'ZHONGKONG_API_KEY' : '--key';
  const given = option?.trim() ?? '';
  if (given !== '') return { key: checked(given, source), source };
  const path = join(dataDir || './data', 'admin.key');
  const give = 'give a client key in ZHONGKONG_API_KEY, or with --key';
  if (!isOnThisMachine(address)) throw badUsage(`There is no client key for ${address.name}: ${give}.`);
  try {
    return { key: checked(readFile(path).trim(), path), source: path };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw badUsage(
      code === 'ENOENT'
        ? `There is no client key: ${give}. Where a server runs with its own Redis, call this in its folder, or set DATA_DIR to its data folder (there is no ${path} here).`
        : `The admin key in ${path} cannot be read (${code}): run this as the user of the server, or ${give}.`,
    );
  }
}

function checked(key: string, source: string): string {
  if (/^[\x21-\x7e]+$/.test(key)) return key;
  throw badUsage(`What ${source} holds is no client key: a key is one word of printable ASCII.`);
}
