import { writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from '../config/config.js';
import { ConfigError } from '../config/config-error.js';
import type { EnvironmentInput } from '../config/environment.js';
import { loadConfig } from '../config/load-config.js';
import { type Demo, startDemo } from '../demo/demo.js';
import { logConsole } from '../library-warnings.js';
import { type Logger, openLog } from '../logger.js';
import type { ServerDeps, TokenServer } from '../server.js';

/** A load balancer or a client may send a request at the moment at which the server begins to stop. */
const IDLE_GRACE_MS = 1_000;
/** A server that is asked to stop while it starts gets this long to come to a point where it can be stopped. */
const START_GRACE_MS = 3_000;
/** A log that cannot be written does not keep the process from ending. */
const FLUSH_LOG_MS = 1_000;

/** What `serve` needs of its process. */
export interface ServeOptions {
  readonly environment: EnvironmentInput;
  readonly workingFolder: string;
  readonly isTerminal: boolean;
  /** Resolves to the signal that asks the server to stop. */
  readonly stopRequested: Promise<string>;
  /** Calls back each time that somebody asks to read the configuration again. */
  readonly onReloadRequested: (callback: () => void) => void;
}

/** `zhongkong serve`: runs the server until it is asked to stop. @throws ConfigError, StartError */
export async function serve(options: ServeOptions): Promise<void> {
  const { environment, workingFolder, isTerminal, stopRequested, onReloadRequested } = options;
  const mode = loadConfig(environment, workingFolder);
  const settings = mode.is === 'demo' ? mode.settings : mode.config;
  const { log, writer } = openLog(settings.logLevel, isTerminal);
  logConsole(log);
  for (const warning of settings.warnings) log.warn(warning);
  const proxy = settings.wechatProxy?.host;
  if (proxy !== undefined) log.info({ proxy }, `WeChat is reached through ${proxy}`);
  const deps = {
    log,
    searchPath: environment.PATH ?? '',
    workingFolder,
    droppedLogLines: () => writer.droppedLines,
    ...(mode.is === 'serve' && { readConfig: () => configAgain(environment, workingFolder) }),
  };
  const starting: Promise<TokenServer & Partial<Demo>> =
    mode.is === 'demo' ? startDemo(mode.settings, deps) : start(mode.config, deps);
  const started = await Promise.race([starting, stopRequested.then(() => null)]);
  if (started !== null) {
    onReloadRequested(() => {
      try {
        started.reload();
      } catch (err) {
        log.debug({ err }, 'the configuration was not taken over');
      }
    });
    announceReady(started.url, settings.readyFd, log);
    if (started.guide !== undefined) writer.write(started.guide);
  }
  const signal = await stopRequested;
  // Ctrl-C is for a person who waits; a load balancer stands in front of what a supervisor stops.
  const drainDelayMs = signal === 'SIGTERM' && started !== null ? settings.drainDelayMs : 0;
  log.info({ signal, ...(drainDelayMs > 0 && { drainDelayMs }) }, 'stopping');
  // What has not started within the time ends with the process, the embedded Redis too.
  const server = started ?? (await Promise.race([starting, sleep(START_GRACE_MS, null)]));
  await server?.stop({ drainDelayMs, idleGraceMs: IDLE_GRACE_MS });
  log.info('stopped');
  await writer.flush(FLUSH_LOG_MS);
}

/** @throws ConfigError, also when the file is gone */
function configAgain(environment: EnvironmentInput, workingFolder: string): Config {
  const mode = loadConfig(environment, workingFolder);
  if (mode.is === 'serve') return mode.config;
  throw new ConfigError('the configuration file is gone; the configuration before goes on');
}

/** The server is loaded here and not above, so that a wrong configuration is reported without that delay. */
async function start(config: Config, deps: ServerDeps): Promise<TokenServer> {
  const { startTokenServer } = await import('../server.js');
  return startTokenServer(config, deps);
}

/** Writes the server's URL to the descriptor that ZHONGKONG_READY_FD names. */
function announceReady(url: string, readyFd: number | undefined, log: Logger): void {
  if (readyFd === undefined) return;
  try {
    writeSync(readyFd, `${JSON.stringify({ url })}\n`);
  } catch (error) {
    log.warn({ err: error }, `cannot write to ZHONGKONG_READY_FD=${readyFd}; the server runs all the same`);
  }
}
