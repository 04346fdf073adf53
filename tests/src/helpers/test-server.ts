import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createLogger, loadConfig, startTokenServer, type TokenServer } from '@zhongkong/token-server';
import { cleanUp } from './clean-up.js';
import { API_KEY, APP, OTHER_APP } from './fixtures.js';
import { tempFolder } from './temp-folder.js';

export interface TestServerOptions {
  /** Base URL of the platform. */
  readonly platform: string;
  /** Unset: the server starts its own Redis. */
  readonly redisUrl?: string;
  readonly dataDir?: string;
  /** Merged over the configuration file. */
  readonly config?: Readonly<Record<string, unknown>>;
  readonly environment?: Readonly<Record<string, string>>;
  /** Whether reads may take the fast lane now. @defaultValue always */
  readonly isFastLaneOpen?: () => boolean;
  /** Gets each line of the log. @defaultValue there is no log */
  readonly onLogLine?: (line: Record<string, unknown>) => void;
}

export const MASTER_KEY = Buffer.alloc(32, 7).toString('base64');

export const CLIENTS = [
  { name: 'order-service', key: API_KEY, apps: [APP.appId] },
  { name: 'reader', key: 'the-key-of-the-reader', apps: ['*'], scopes: ['token:read'] },
];

/** The environment and the configuration file that a user would write for these options. */
export function serverEnvironment(options: TestServerOptions): Record<string, string> {
  const dataDir = options.dataDir ?? tempFolder();
  const file = join(dataDir, 'zhongkong.config.json');
  const config = { apps: [APP, OTHER_APP], clients: CLIENTS, ...options.config };
  writeFileSync(file, JSON.stringify(config, null, 2), { mode: 0o600 });
  return {
    PATH: process.env.PATH ?? '',
    PORT: '0',
    DATA_DIR: dataDir,
    ZHONGKONG_CONFIG: file,
    WECHAT_API_BASE_URL: options.platform,
    ...(options.redisUrl === undefined
      ? {}
      : { REDIS_URL: options.redisUrl, ZHONGKONG_MASTER_KEY: MASTER_KEY }),
    ...options.environment,
  };
}

/** A token server in this process; stopped after the test. */
export async function startServer(options: TestServerOptions): Promise<TokenServer> {
  const environment = serverEnvironment(options);
  const mode = loadConfig(environment, environment.DATA_DIR ?? '.');
  if (mode.is !== 'serve') throw new Error('the test configuration was not found');
  const { onLogLine, isFastLaneOpen } = options;
  const level = onLogLine === undefined ? 'silent' : mode.config.logLevel;
  const log = createLogger(level, (line) => onLogLine?.(JSON.parse(line)));
  const server = await startTokenServer(mode.config, {
    log,
    searchPath: environment.PATH ?? '',
    ...(isFastLaneOpen && { isFastLaneOpen }),
  });
  cleanUp(() => server.stop());
  return server;
}
