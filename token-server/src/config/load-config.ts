import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { decodeMasterKey } from '../master-key.js';
import { parseRedisUrl } from '../redis/redis-address.js';
import type { Config } from './config.js';
import { type Checked, ConfigError } from './config-error.js';
import { parseConfigFile } from './config-file.js';
import { type Environment, type EnvironmentInput, readEnvironment } from './environment.js';
import { resolveFile } from './resolve-file.js';

const DEFAULT_FILE = 'zhongkong.config.json';
const WECHAT_API_BASE_URL = 'https://api.weixin.qq.com';

/** What is asked for: to serve the configured apps, or, when there is no configuration file, to show a demo. */
export type Intention =
  | { readonly is: 'serve'; readonly config: Config }
  | { readonly is: 'demo'; readonly settings: ServerSettings };

/** The part of the configuration that the environment gives. */
export type ServerSettings = Omit<Config, 'apps' | 'clients'>;

/**
 * Reads environment and file.
 * @throws ConfigError with every fault of both
 */
export function loadConfig(input: EnvironmentInput, workingFolder: string): Intention {
  const environment = readEnvironment(input);
  const named = input.ZHONGKONG_CONFIG || undefined;
  const path = resolve(workingFolder, named ?? DEFAULT_FILE);
  if (named === undefined && !existsSync(path)) {
    if (!environment.ok) throw new ConfigError(environment.faults);
    return { is: 'demo', settings: demoSettings(environment.value) };
  }
  const entries = readEntries(path, input, named === undefined ? basename(path) : 'environment');
  if (!environment.ok || !entries.ok) {
    throw new ConfigError([environment, entries].flatMap((part) => (part.ok ? [] : part.faults)));
  }
  return { is: 'serve', config: { ...serverSettings(environment.value), ...entries.value } };
}

function readEntries(
  path: string,
  environment: EnvironmentInput,
  place: string,
): Checked<Pick<Config, 'apps' | 'clients'>> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const message =
      code === 'ENOENT'
        ? `there is no file ${path}; write it, correct ZHONGKONG_CONFIG, or unset it for the demo`
        : `${path} cannot be read (${code}); it has to be a file that the user who runs the server may read`;
    return { ok: false, faults: [{ key: 'ZHONGKONG_CONFIG', place, message }] };
  }
  return resolveFile(parseConfigFile(text, basename(path)), { environment, folder: dirname(path) });
}

function serverSettings(environment: Environment): ServerSettings {
  const { ZHONGKONG_MASTER_KEY: masterKey, WECHAT_API_BASE_URL: baseUrl = WECHAT_API_BASE_URL } = environment;
  return {
    port: environment.PORT,
    host: environment.HOST,
    redis: environment.REDIS_URL === undefined ? undefined : parseRedisUrl(environment.REDIS_URL),
    dataDir: environment.DATA_DIR,
    wechatApiBaseUrl: baseUrl,
    masterKey: masterKey === undefined ? undefined : decodeMasterKey(masterKey),
    readyFd: environment.ZHONGKONG_READY_FD,
    logLevel: environment.LOG_LEVEL,
  };
}

/** The demo brings its own platform; an upstream without apps is most likely a forgotten file. */
function demoSettings(environment: Environment): ServerSettings {
  if (environment.WECHAT_API_BASE_URL !== undefined) {
    const message = `is set, but no apps are: write ${DEFAULT_FILE}, or unset it for the demo with its own platform`;
    throw new ConfigError([{ key: 'WECHAT_API_BASE_URL', place: 'environment', message }]);
  }
  return serverSettings(environment);
}
