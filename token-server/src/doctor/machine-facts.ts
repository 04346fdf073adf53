import { accessSync, constants, existsSync, readdirSync, statSync } from 'node:fs';
import { isIP, type NetConnectOpts } from 'node:net';
import { networkInterfaces } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { Config } from '../config/config.js';
import { ConfigError, type ConfigFault, describeFault } from '../config/config-error.js';
import type { EnvironmentInput } from '../config/environment.js';
import { loadConfig, type StartMode } from '../config/load-config.js';
import { warnOfOpenFiles } from '../config/secrets/file-modes.js';
import { socketPathOf } from '../http/unix-socket.js';
import { KEY_FILE, readMasterKeys } from '../master-key.js';
import { askSocket } from '../redis/embedded/ask-socket.js';
import { placeOfSocket } from '../redis/embedded/socket-path.js';
import { accepts } from './accepts.js';
import { isZhongkong } from './is-zhongkong.js';
import type { ConfigFacts, FileFacts, FolderFault, PortFacts } from './machine-findings.js';

const CONNECT_MS = 1_000;
/** What the server keeps in its data folder for itself alone. */
const KEY_FILES = [KEY_FILE, 'admin.key', 'demo.key'];

/** The configuration as `zhongkong serve` would read it; null when it cannot be used. */
export function readConfiguration(
  environment: EnvironmentInput,
  workingFolder: string,
): { mode: StartMode | null; facts: ConfigFacts; faults: readonly ConfigFault[] } {
  try {
    const mode = loadConfig(environment, workingFolder);
    const { warnings, secretFiles } = mode.is === 'serve' ? mode.config : mode.settings;
    // Open files are a finding of their own.
    const ofFiles = warnOfOpenFiles(secretFiles);
    const file = mode.is === 'serve' ? environment.ZHONGKONG_CONFIG || 'zhongkong.config.json' : null;
    const facts = { faults: [], warnings: warnings.filter((text) => !ofFiles.includes(text)), file };
    return { mode, facts, faults: [] };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const { faults } = error;
    return { mode: null, facts: { faults: faults.map(describeFault), warnings: [], file: null }, faults };
  }
}

/** The files and folders with secrets that are there, as far as this user may look. */
export function readFileFacts({
  secretFiles,
  dataDir,
  host,
}: Pick<Config, 'secretFiles' | 'dataDir' | 'host'>): FileFacts[] {
  // Windows has no such modes.
  if (process.platform === 'win32') return [];
  const socket = socketPathOf(host);
  const places: Omit<FileFacts, 'mode'>[] = [
    ...secretFiles.map((path) => ({ path, kind: 'given' as const })),
    { path: resolve(dataDir), kind: 'folder' },
    ...KEY_FILES.map((name) => ({ path: join(resolve(dataDir), name), kind: 'key' as const })),
    ...(socket === undefined ? [] : [{ path: socket, kind: 'socket' as const }]),
  ];
  const distinct = new Map(places.map((place) => [place.path, place]));
  return [...distinct.values()].flatMap((place) => {
    const mode = modeOf(place.path);
    return mode === undefined ? [] : [{ ...place, mode }];
  });
}

function modeOf(path: string): number | undefined {
  try {
    return statSync(path).mode;
  } catch {
    return undefined;
  }
}

/** Who is at the address that the server would take; nothing is listened on for that. */
export async function readPortFacts({
  host,
  port,
  tls,
}: Pick<Config, 'host' | 'port' | 'tls'>): Promise<PortFacts> {
  const isTls = tls !== undefined;
  const path = socketPathOf(host);
  if (path !== undefined) {
    const owner = await ownerOf({ path }, { socketPath: path }, isTls);
    return { address: host, owner, isHere: true };
  }
  const bare = host.replace(/^\[|\]$/g, '');
  const address = `${bare.includes(':') ? `[${bare}]` : bare}:${port}`;
  const isHere = isIP(bare) === 0 || isOfThisMachine(bare);
  // A free port is chosen at the start.
  if (port === 0 || !isHere) return { address, owner: 'nobody', isHere };
  const target = { host: bare === '0.0.0.0' ? '127.0.0.1' : bare === '::' ? '::1' : bare, port };
  return { address, owner: await ownerOf(target, target, isTls), isHere };
}

async function ownerOf(
  connectTo: NetConnectOpts,
  ask: { socketPath: string } | { host: string; port: number },
  isTls: boolean,
): Promise<PortFacts['owner']> {
  if (!(await accepts(connectTo, CONNECT_MS))) return 'nobody';
  return (await isZhongkong(ask, isTls)) ? 'zhongkong' : 'other';
}

function isOfThisMachine(address: string): boolean {
  if (['0.0.0.0', '::'].includes(address) || address.startsWith('127.')) return true;
  return Object.values(networkInterfaces()).some((list) => list?.some((one) => one.address === address));
}

/** Whether a server could keep its own Redis there. Changes nothing. */
export async function readFolderFault({
  dataDir,
  masterKey,
}: Pick<Config, 'dataDir' | 'masterKey'>): Promise<FolderFault> {
  const path = resolve(dataDir);
  try {
    let existing = path;
    while (!existsSync(existing) && dirname(existing) !== existing) existing = dirname(existing);
    if (!statSync(existing).isDirectory()) return { is: 'unusable', path: existing, code: 'ENOTDIR' };
    accessSync(existing, constants.R_OK | constants.W_OK | constants.X_OK);
    const pid = await askSocket(placeOfSocket(path, 'owner.sock'));
    if (pid !== null) return { is: 'in-use', path, pid };
    const data = join(path, 'redis');
    const hasData = existsSync(data) && readdirSync(data).length > 0;
    const key = join(path, KEY_FILE);
    const isKeyNeeded = masterKey === undefined && (hasData || existsSync(key));
    return isKeyNeeded && readMasterKeys(path) === undefined ? { is: 'no-key', path: key } : null;
  } catch (error) {
    return { is: 'unusable', path, code: (error as NodeJS.ErrnoException).code ?? 'unknown' };
  }
}
