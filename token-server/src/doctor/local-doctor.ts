import { resolve } from 'node:path';
import {
  createCredentialStore,
  createRegistryStore,
  createSealer,
  createWechatClient,
  type KeyRing,
  storedSealingKey,
  surveySealed,
} from '@zhongkong/jobs';
import type { AppConfig, Config } from '../config/config.js';
import type { EnvironmentInput } from '../config/environment.js';
import { readMasterKeys } from '../master-key.js';
import { countListeners } from '../redis/count-listeners.js';
import { isRedisUp } from '../redis/embedded/ask-socket.js';
import { placeOfSocket } from '../redis/embedded/socket-path.js';
import type { RedisAddress } from '../redis-address.js';
import { sortEntries } from '../server-list.js';
import { AppDirectory } from '../tokens/app-directory.js';
import { appEntry } from '../tokens/app-entry.js';
import { clockFinding } from './clock-findings.js';
import { embeddedFindings } from './embedded-redis.js';
import { examineWechat, type KnownApp } from './examine.js';
import { type Finding, sortFindings } from './finding.js';
import { readConfiguration, readFileFacts, readFolderFault, readPortFacts } from './machine-facts.js';
import {
  configurationFinding,
  dataFolderFinding,
  fileModesFinding,
  portFinding,
} from './machine-findings.js';
import { lookAtRedis, type RedisLook } from './redis-facts.js';
import { redisFindings } from './redis-findings.js';
import { masterKeyFinding, sealedFinding, versionFinding } from './state-findings.js';
import { within } from './within.js';

const SURVEY_WITHIN_MS = 20_000;
/** States are read for so many apps only. */
const STATES_MAX = 1_000;
const BATCH = 100;

export interface LocalDoctorOptions {
  readonly environment: EnvironmentInput;
  readonly workingFolder: string;
  /** Called with what is looked at, for people who wait. */
  readonly onProgress?: (what: 'redis' | 'wechat') => void;
  /** This machine's own clock. @defaultValue Date.now */
  readonly wallMs?: () => number;
}

/**
 * Looks at everything that can be seen without a server: the configuration as `serve` would read it, the machine, Redis and
 * WeChat. It takes no lease, listens nowhere, and stores nothing but the keys of the probe, which it removes.
 */
export async function examineHere(options: LocalDoctorOptions): Promise<Finding[]> {
  const { environment, workingFolder } = options;
  const { mode, facts } = readConfiguration(environment, workingFolder);
  const findings = [configurationFinding(facts)];
  if (mode === null) return findings;
  const isDemo = mode.is === 'demo';
  const config: Config = isDemo
    ? { ...mode.settings, apps: [], policy: {}, clients: [], alerts: [] }
    : mode.config;
  findings.push(fileModesFinding(readFileFacts(config)));
  findings.push(portFinding(await readPortFacts(config)));
  if (config.redis === undefined) findings.push(dataFolderFinding(await readFolderFault(config)));
  findings.push(...(await examineParts(config, options, isDemo)));
  return sortFindings(findings);
}

async function examineParts(
  config: Config,
  { environment, onProgress = () => {}, wallMs = Date.now }: LocalDoctorOptions,
  isDemo: boolean,
): Promise<Finding[]> {
  onProgress('redis');
  const address = await addressOf(config);
  const store =
    address === null
      ? { findings: await embeddedFindings(environment.PATH ?? ''), apps: fileApps(config), nowMs: wallMs }
      : await examineStore(address, config, wallMs);
  // The sandbox of a demo starts with it.
  if (isDemo) return store.findings;
  onProgress('wechat');
  const { wechatApiBaseUrl, wechatProxy: proxy } = config;
  const wechat = createWechatClient(wechatApiBaseUrl, { proxy });
  const ofWechat = await examineWechat({ way: config, wechat, wallMs, nowMs: store.nowMs }, store.apps);
  return [...store.findings, ...ofWechat];
}

/** Null: the server's own Redis, which starts with the server. */
async function addressOf({ redis, dataDir }: Config): Promise<RedisAddress | null> {
  if (redis !== undefined) return redis;
  const path = placeOfSocket(resolve(dataDir), 'redis.sock');
  return (await isRedisUp(path)) ? { kind: 'socket', path } : null;
}

interface StoreView {
  readonly findings: Finding[];
  readonly apps: readonly KnownApp[];
  /** The time of Redis, by which states are written. */
  readonly nowMs: () => number;
}

async function examineStore(address: RedisAddress, config: Config, wallMs: () => number): Promise<StoreView> {
  const { redisPrefix: prefix, dataDir, masterKey } = config;
  const look = await lookAtRedis({ address, prefix }, wallMs);
  const findings = redisFindings(look.facts);
  const nowMs = () => wallMs() - (look.clock?.aheadMs ?? 0);
  const withoutStates = { findings, apps: fileApps(config), nowMs };
  try {
    if (look.clock !== null) findings.push(clockFinding('clock-redis', look.clock));
    if (look.client === null) return withoutStates;
    const versions = await compareVersions(look, prefix, nowMs).catch(() => null);
    if (versions !== null) findings.push(versions);
    const masterKeys = masterKey ?? readMasterKeys(dataDir);
    if (masterKeys === undefined) return withoutStates;
    const ring = createSealer(masterKeys);
    const sealing = await storedSealingKey(look.client, prefix);
    const fits = sealing === null ? null : ring.sealWith(sealing);
    findings.push(masterKeyFinding(fits));
    const survey = await within(surveySealed(look.client, ring, prefix), SURVEY_WITHIN_MS);
    findings.push(sealedFinding({ survey }));
    return { findings, apps: await readApps(look, ring, config), nowMs };
  } catch {
    // Redis has gone away meanwhile, or refuses even to be read, which its own findings say.
    return withoutStates;
  } finally {
    look.close();
  }
}

async function compareVersions(
  { client, keys }: RedisLook,
  prefix: string,
  nowMs: () => number,
): Promise<Finding | null> {
  if (client === null) return null;
  const { running } = sortEntries(await client.hgetall(`${prefix}:servers`), nowMs());
  const listeners = await countListeners(client, keys.changes);
  return versionFinding({ servers: running, strangers: Math.max(0, listeners - running.length) });
}

function fileApps({ apps }: Pick<Config, 'apps'>): KnownApp[] {
  return apps.map((settings) => ({ settings, state: null }));
}

/** The apps of the file and of the registry, with what Redis holds of their tokens. */
async function readApps(look: RedisLook, ring: KeyRing, config: Config): Promise<KnownApp[]> {
  const { client, keys } = look;
  if (client === null) return fileApps(config);
  const directory = new AppDirectory(config);
  for (const { id, value } of await createRegistryStore(client, keys, ring).readAll('apps')) {
    const entry = appEntry.safeParse(value);
    if (entry.success) directory.setEntry(id, entry.data);
  }
  const store = createCredentialStore({ redis: client, keys, sealer: ring, onUnreadable: () => {} });
  const read = async (settings: AppConfig): Promise<KnownApp> => {
    const state = await store.load({ appId: settings.appId, kind: 'access-token' }).catch(() => null);
    return { settings, state };
  };
  const all = [...directory.all()];
  const known: KnownApp[] = [];
  for (let from = 0; from < Math.min(all.length, STATES_MAX); from += BATCH)
    known.push(...(await Promise.all(all.slice(from, Math.min(from + BATCH, STATES_MAX)).map(read))));
  return [...known, ...all.slice(STATES_MAX).map((settings) => ({ settings, state: null }))];
}
