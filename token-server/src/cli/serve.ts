import { writeSync } from 'node:fs';
import type { Config } from '../config/config.js';
import type { EnvironmentInput } from '../config/environment.js';
import { loadConfig } from '../config/load-config.js';
import { type Demo, startDemo } from '../demo/demo.js';
import { createLogger, type Logger } from '../logger.js';
import type { ServerSurroundings, TokenServer } from '../server.js';

/** A load balancer, or a client, may send a request at the very moment at which the server is told to stop. */
const IDLE_GRACE_MS = 1_000;

/** How the process that serves is connected to the world. */
export interface ServeSurroundings {
  readonly environment: EnvironmentInput;
  readonly workingFolder: string;
  readonly isTerminal: boolean;
  readonly print: (text: string) => void;
  /** Resolves when somebody wants the server to stop. */
  readonly told: Promise<string>;
}

/** `zhongkong serve`: serves until it is told to stop. @throws ConfigError, StartError */
export async function serve(surroundings: ServeSurroundings): Promise<void> {
  const { environment, workingFolder, isTerminal, print, told } = surroundings;
  const intention = loadConfig(environment, workingFolder);
  const settings = intention.is === 'demo' ? intention.settings : intention.config;
  const log = createLogger(settings.logLevel, isTerminal);
  const around = { log, searchPath: environment.PATH ?? '', workingFolder };
  const server: TokenServer & Partial<Demo> =
    intention.is === 'demo'
      ? await startDemo(intention.settings, around)
      : await start(intention.config, around);
  announceReady(server.url, settings.readyFd, log);
  if (server.guide !== undefined) print(server.guide);
  const signal = await told;
  log.info({ signal }, 'stopping');
  await server.stop(IDLE_GRACE_MS);
  log.info('stopped');
}

/** The server is loaded here and not above: a wrong configuration is told without the wait. */
async function start(config: Config, surroundings: ServerSurroundings): Promise<TokenServer> {
  const { startTokenServer } = await import('../server.js');
  return startTokenServer(config, surroundings);
}

/** Tells whoever started us, on the descriptor that they named, where the server listens. */
function announceReady(url: string, readyFd: number | undefined, log: Logger): void {
  if (readyFd === undefined) return;
  try {
    writeSync(readyFd, `${JSON.stringify({ url })}\n`);
  } catch (error) {
    log.warn({ err: error }, `ZHONGKONG_READY_FD=${readyFd} is not open for writing; nobody was told`);
  }
}
