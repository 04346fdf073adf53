import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import type { Config } from './config.js';
import { type Checked, type ConfigError, configError } from './config-error.js';
import { parseConfigFile } from './config-file.js';
import {
  type Environment,
  type EnvironmentInput,
  environmentSchema,
  readEnvironment,
} from './environment.js';
import { type FileConfig, resolveFile } from './resolve-file.js';
import { warnOfOpenFiles } from './secrets/file-modes.js';
import { FILE_VARIABLES } from './secrets/variable-files.js';
import { readTlsSettings } from './tls-files.js';
import { warnOfUnknownVariables } from './unknown-variables.js';
import { proxyFor } from './way-out.js';

const DEFAULT_FILE = 'zhongkong.config.json';
const WECHAT_API_BASE_URL = 'https://api.weixin.qq.com';
const LOG_LEVEL = 'info';

/** How to start: with the configured apps, or as a demo when there is no configuration file. */
export type StartMode =
  | { readonly is: 'serve'; readonly config: Config }
  | { readonly is: 'demo'; readonly settings: ServerSettings };

/** The part of the configuration that the environment gives. */
export type ServerSettings = Omit<Config, 'apps' | 'policy' | 'clients' | 'alerts'>;

/**
 * Reads the environment and the configuration file.
 * @throws ConfigError with every fault of both
 */
export function loadConfig(input: EnvironmentInput, workingFolder: string): StartMode {
  const named = input.ZHONGKONG_CONFIG || undefined;
  const path = resolve(workingFolder, named ?? DEFAULT_FILE);
  const isDemo = named === undefined && !existsSync(path);
  const ofVariables = filesOfVariables(input, workingFolder);
  const environment = readEnvironment(isDemo ? withoutProxies(input) : input, workingFolder);
  const tls = readTlsSettings(environment.ok ? environment.value : input, workingFolder);
  if (isDemo) {
    if (!environment.ok || !tls.ok) throw faultsOf(environment, tls);
    const settings = { ...demoSettings(environment.value), tls: tls.value, secretFiles: ofVariables };
    return { is: 'demo', settings: { ...settings, warnings: warningsFor(input) } };
  }
  const entries = readFile(path, input, named === undefined ? basename(path) : 'environment');
  if (!environment.ok || !tls.ok || !entries.ok) throw faultsOf(environment, tls, entries);
  const secretFiles = [...entries.value.secretFiles, ...ofVariables];
  const warnings = [...entries.value.warnings, ...warnOfOpenFiles(secretFiles)];
  const settings = { ...serverSettings(environment.value), tls: tls.value };
  return {
    is: 'serve',
    config: {
      ...settings,
      ...entries.value,
      alerts: withProxies(entries.value.alerts, environment.value),
      secretFiles,
      logLevel: environment.value.LOG_LEVEL ?? entries.value.logLevel ?? LOG_LEVEL,
      warnings,
    },
  };
}

/** A robot is reached as WeChat is. */
function withProxies(alerts: Config['alerts'], environment: Environment): Config['alerts'] {
  // Its getters stay: the files behind them may be replaced.
  return alerts.map((alert) =>
    Object.defineProperty(alert, 'proxy', { value: proxyFor(alert.url, environment) }),
  );
}

/** Variables that name files with secrets. */
const SECRET_FILES = [...FILE_VARIABLES.map((name) => `${name}_FILE`), 'TLS_KEY'];

function filesOfVariables(input: EnvironmentInput, folder: string): string[] {
  return SECRET_FILES.flatMap((key) => (input[key]?.trim() ? [resolve(folder, input[key].trim())] : []));
}

function faultsOf(...parts: readonly Checked<unknown>[]): ConfigError {
  return configError(parts.flatMap((part) => (part.ok ? [] : part.faults)));
}

function readFile(
  path: string,
  environment: EnvironmentInput,
  place: string,
): Checked<FileConfig & Pick<Config, 'secretFiles'>> {
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
  const file = parseConfigFile(text, basename(path));
  const entries = resolveFile(file, { environment, folder: dirname(path) });
  if (!entries.ok) return entries;
  const named = [
    ...file.apps.map((app) => app?.secretEnv),
    ...file.clients.map((client) => client?.keyEnv),
    ...file.alerts.flatMap((alert) => [alert?.urlEnv, alert?.secretEnv]),
  ];
  const namedFiles = [
    ...file.apps.map((app) => app?.secretFile),
    ...file.clients.map((client) => client?.keyFile),
    ...file.alerts.flatMap((alert) => [alert?.urlFile, alert?.secretFile]),
  ];
  const isSecret =
    file.apps.some((app) => app?.secret) ||
    file.clients.some((client) => client?.key) ||
    file.alerts.some((alert) => alert?.url || alert?.secret);
  const files = namedFiles.flatMap((name) => (name ? [resolve(dirname(path), name)] : []));
  const secretFiles = isSecret ? [path, ...files] : files;
  const warnings = [...warningsFor(environment, named), ...entries.value.warnings];
  return { ok: true, value: { ...entries.value, secretFiles, warnings } };
}

/** @param named variables that the file reads secrets from */
function warningsFor(environment: EnvironmentInput, named: readonly (string | undefined)[] = []): string[] {
  const known = [...Object.keys(environmentSchema.shape), ...named.filter((name) => name !== undefined)];
  return warnOfUnknownVariables(environment, known);
}

function serverSettings(environment: Environment): Omit<ServerSettings, 'tls' | 'secretFiles' | 'warnings'> {
  const wechatApiBaseUrl = environment.WECHAT_API_BASE_URL ?? WECHAT_API_BASE_URL;
  return {
    port: environment.PORT,
    host: environment.HOST,
    redis: environment.REDIS_URL,
    redisPrefix: environment.REDIS_PREFIX,
    dataDir: environment.DATA_DIR,
    wechatApiBaseUrl,
    wechatProxy: proxyFor(wechatApiBaseUrl, environment),
    masterKey: environment.ZHONGKONG_MASTER_KEY,
    readyFd: environment.ZHONGKONG_READY_FD,
    maxConnections: environment.MAX_CONNECTIONS,
    keepAliveMs: environment.KEEP_ALIVE * 1000,
    drainDelayMs: environment.DRAIN_DELAY * 1000,
    trustedProxies: environment.TRUST_PROXY ?? [],
    accessLog: environment.ACCESS_LOG,
    logLevel: environment.LOG_LEVEL ?? LOG_LEVEL,
    tracing: tracingSettings(environment),
  };
}

function tracingSettings(environment: Environment): ServerSettings['tracing'] {
  const endpoint = environment.OTEL_EXPORTER_OTLP_ENDPOINT;
  if (endpoint === undefined) return undefined;
  return {
    endpoint: endpoint.replace(/\/+$/, ''),
    headers: environment.OTEL_EXPORTER_OTLP_HEADERS ?? {},
    serviceName: environment.OTEL_SERVICE_NAME,
    sampler: environment.OTEL_TRACES_SAMPLER,
    ratio: environment.OTEL_TRACES_SAMPLER_ARG,
  };
}

/** The sandbox of a demo runs on this machine. */
function withoutProxies(input: EnvironmentInput): EnvironmentInput {
  return Object.fromEntries(Object.entries(input).filter(([name]) => !/^(?:https?|no)_proxy$/i.test(name)));
}

/** Variables that nobody sets for a demo, which runs a sandbox in place of WeChat: most likely the file was lost. */
const NOT_FOR_A_DEMO = [
  'WECHAT_API_BASE_URL',
  'REDIS_URL_FILE',
  'REDIS_URL',
  'ZHONGKONG_MASTER_KEY_FILE',
  'ZHONGKONG_MASTER_KEY',
] as const;

function demoSettings(environment: Environment): Omit<ServerSettings, 'tls' | 'secretFiles' | 'warnings'> {
  const settings = serverSettings(environment);
  if (settings.host.startsWith('unix:')) {
    const message = 'the demo listens on an address: its commands are made for that';
    throw configError([{ key: 'HOST', place: 'environment', message }]);
  }
  const set = NOT_FOR_A_DEMO.filter((key) => environment[key] !== undefined && !isFromFile(key, environment));
  if (set.length === 0) return settings;
  const message = `is set, but there is no configuration file: write ${DEFAULT_FILE}, name it in ZHONGKONG_CONFIG, or unset this variable for the demo`;
  throw configError(set.map((key) => ({ key, place: 'environment', message })));
}

/** Its value was read from the file that another variable names. */
function isFromFile(key: string, environment: Environment): boolean {
  return FILE_VARIABLES.some((name) => name === key && environment[`${name}_FILE`] !== undefined);
}
