import { EventEmitter } from 'node:events';
import { isatty } from 'node:tty';
import type { Command } from 'commander';
import { CliError, EXIT } from '../cli-error.js';
import type { Io } from '../io.js';

const HELP = `
Without a configuration file it runs a demo with a sandbox in place of WeChat.
With zhongkong.config.json in the current folder (or ZHONGKONG_CONFIG) it serves the apps listed there.

Environment (see docs/configuration.md):
  where it listens   PORT, HOST (an address, or unix:/path), TLS_CERT, TLS_KEY, TLS_CLIENT_CA, TRUST_PROXY
  Redis              REDIS_URL or REDIS_URL_FILE, REDIS_PREFIX, DATA_DIR
  WeChat             WECHAT_API_BASE_URL, HTTPS_PROXY, HTTP_PROXY, NO_PROXY
  secrets            ZHONGKONG_MASTER_KEY or ZHONGKONG_MASTER_KEY_FILE
  operation          ZHONGKONG_CONFIG, LOG_LEVEL, ACCESS_LOG, MAX_CONNECTIONS, KEEP_ALIVE, DRAIN_DELAY
  traces             OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_EXPORTER_OTLP_HEADERS, OTEL_SERVICE_NAME, OTEL_TRACES_SAMPLER

Examples:
  $ zhongkong serve
  $ PORT=7300 LOG_LEVEL=debug zhongkong serve
  $ HOST=0.0.0.0 TLS_CERT=server.crt TLS_KEY=server.key zhongkong serve
  $ REDIS_URL=redis://127.0.0.1:6379 ZHONGKONG_MASTER_KEY=$(openssl rand -base64 32) zhongkong serve`;

/** The same signal within this time counts as one: npm forwards Ctrl-C, which the terminal has sent as well. */
const DUPLICATE_SIGNAL_MS = 500;

const STOP_SIGNALS: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGQUIT'];

const CHECK_PARENT_MS = 1_000;

export function registerServe(program: Command, io: Io): void {
  program
    .command('serve')
    .description('start the token server and run until Ctrl-C')
    .configureHelp({ showGlobalOptions: false })
    .addHelpText('after', HELP)
    .action(() => runServe(io));
}

/** The server is loaded here and not above: the other commands do without it. */
async function runServe(io: Io): Promise<void> {
  const { serve } = await import('../serve.js');
  const { ConfigError } = await import('../../config/config-error.js');
  const { StartError } = await import('../../start-error.js');
  const reloads = new EventEmitter();
  try {
    await serve({
      environment: io.environment,
      workingFolder: io.workingFolder,
      isTerminal: io.stdout.isTTY === true,
      stopRequested: stopRequest(io, () => reloads.emit('reload')),
      onReloadRequested: (callback) => void reloads.on('reload', callback),
    });
  } catch (error) {
    if (error instanceof ConfigError) throw new CliError(error.message, { exitCode: EXIT.badUsage });
    if (error instanceof StartError) throw new CliError(error.message);
    throw error;
  }
}

function stopRequest(io: Io, requestReload: () => void): Promise<string> {
  return new Promise((resolve) => {
    const onSignal = onStopSignal(resolve);
    for (const signal of STOP_SIGNALS) process.on(signal, onSignal);
    process.on('SIGHUP', () => (isTerminalGone(io) ? onSignal('SIGHUP') : requestReload()));
    if (io.environment.npm_lifecycle_event !== undefined) onParentGone(() => resolve('the end of npm'));
  });
}

/** SIGHUP asks a server to read its configuration again; it is also what a terminal sends when it is closed. */
function isTerminalGone({ stdin, stdout }: Io): boolean {
  const wasOnTerminal = stdin.isTTY === true || stdout.isTTY === true;
  return wasOnTerminal && !isatty(0) && !isatty(1);
}

/** Between npm and this process there may be a shell that passes no signal on: without its parent, nobody could stop it. */
function onParentGone(requestStop: () => void): void {
  const parent = process.ppid;
  const check = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(check);
    requestStop();
  }, CHECK_PARENT_MS);
  check.unref();
}

/** The first signal asks the server to stop; a second one exits at once. */
function onStopSignal(requestStop: (signal: string) => void): (signal: string) => void {
  let firstAt: number | undefined;
  return (signal) => {
    if (firstAt !== undefined && performance.now() - firstAt > DUPLICATE_SIGNAL_MS)
      process.exit(EXIT.interrupted);
    firstAt ??= performance.now();
    requestStop(signal);
  };
}
