import type { ReloadAnswer } from '@zhongkong/shared/contract';
import type { Alerts } from './alerts/alerts.js';
import type { ClientDirectory } from './clients/client-directory.js';
import type { OpenCalls } from './clients/open-calls.js';
import type { Config } from './config/config.js';
import { ConfigError } from './config/config-error.js';
import { HttpProblem } from './http/problem.js';
import type { Logger } from './logger.js';
import type { AppDirectory } from './tokens/app-directory.js';

export interface ReloadDeps {
  /** The configuration that the server was started with. */
  readonly config: Config;
  /** Reads file and environment again. @throws ConfigError */
  readonly readConfig: () => Config;
  readonly apps: AppDirectory;
  readonly clients: ClientDirectory;
  readonly openCalls: OpenCalls;
  readonly alerts: Pick<Alerts, 'setTargets'>;
  readonly log: Logger;
}

/** What counts from the next start on, by the name that users type. */
const AT_START: Readonly<Record<string, (config: Config) => unknown>> = {
  PORT: ({ port }) => port,
  HOST: ({ host }) => host,
  // Their content is read again by itself.
  'TLS_CERT, TLS_KEY, TLS_CLIENT_CA': ({ tls }) => tls?.paths,
  TRUST_PROXY: ({ trustedProxies }) => trustedProxies,
  REDIS_URL: ({ redis }) => redis,
  REDIS_PREFIX: ({ redisPrefix }) => redisPrefix,
  DATA_DIR: ({ dataDir }) => dataDir,
  WECHAT_API_BASE_URL: ({ wechatApiBaseUrl }) => wechatApiBaseUrl,
  HTTPS_PROXY: ({ wechatProxy }) => wechatProxy,
  MAX_CONNECTIONS: ({ maxConnections }) => maxConnections,
  KEEP_ALIVE: ({ keepAliveMs }) => keepAliveMs,
  DRAIN_DELAY: ({ drainDelayMs }) => drainDelayMs,
  OTEL_EXPORTER_OTLP_ENDPOINT: ({ tracing }) => tracing,
  ACCESS_LOG: ({ accessLog }) => accessLog,
};

/**
 * Makes the function that reads the configuration again and takes over what can change while the server runs.
 * @throws HttpProblem `invalid_configuration` that lists every fault; nothing has changed then
 */
export function createReload(deps: ReloadDeps): () => ReloadAnswer {
  const { config, readConfig, apps, clients, openCalls, alerts, log } = deps;
  let { logLevel } = config;
  return () => {
    const next = read(readConfig, log);
    for (const warning of next.warnings) log.warn(warning);
    const changes = { apps: apps.setFile(next), clients: clients.setFile(next.clients) };
    openCalls.check();
    alerts.setTargets(next.alerts);
    const isNewLevel = next.logLevel !== logLevel;
    logLevel = next.logLevel;
    log.level = logLevel;
    const restartNeeded = Object.entries(AT_START)
      .filter(([, valueIn]) => JSON.stringify(valueIn(next)) !== JSON.stringify(valueIn(config)))
      .map(([name]) => name);
    const answer = { ...changes, ...(isNewLevel ? { logLevel } : {}), restartNeeded };
    log.info(answer, 'the configuration was read again');
    if (restartNeeded.length > 0)
      log.warn({ settings: restartNeeded }, 'these settings have changed and count from the next start on');
    return answer;
  };
}

function read(readConfig: () => Config, log: Logger): Config {
  try {
    return readConfig();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    log.error(`${error.message}\nThe configuration before goes on.`);
    const detail = { en: error.message, zh: `配置有错误，未做任何更改。${error.message}` };
    throw new HttpProblem(detail, { code: 'invalid_configuration', cause: error });
  }
}
