import { Command, CommanderError } from 'commander';
import { ConfigError } from '../config/config-error.js';
import { packageVersion } from '../package-version.js';
import { StartError } from '../start-error.js';
import { serve } from './serve.js';

const EXIT = { success: 0, failure: 1, badUsage: 2, interrupted: 130 };

const SERVE_HELP = `
Without a configuration file it runs a demo with a sandbox in place of WeChat.
With zhongkong.config.json in the current folder (or ZHONGKONG_CONFIG) it serves the apps listed there.

Environment (see docs/configuration.md):
  where it listens   PORT, HOST (an address, or unix:/path), TLS_CERT, TLS_KEY, TLS_CLIENT_CA, TRUST_PROXY
  Redis              REDIS_URL or REDIS_URL_FILE, REDIS_PREFIX, DATA_DIR
  WeChat             WECHAT_API_BASE_URL, HTTPS_PROXY, HTTP_PROXY, NO_PROXY
  secrets            ZHONGKONG_MASTER_KEY or ZHONGKONG_MASTER_KEY_FILE
  operation          ZHONGKONG_CONFIG, LOG_LEVEL, ACCESS_LOG, MAX_CONNECTIONS, KEEP_ALIVE, DRAIN_DELAY

Examples:
  $ zhongkong serve
  $ PORT=7300 LOG_LEVEL=debug zhongkong serve
  $ HOST=0.0.0.0 TLS_CERT=server.crt TLS_KEY=server.key zhongkong serve
  $ REDIS_URL=redis://127.0.0.1:6379 ZHONGKONG_MASTER_KEY=$(openssl rand -base64 32) zhongkong serve`;

/** The same signal within this time counts as one: npm forwards Ctrl-C, which the terminal has sent as well. */
const DUPLICATE_SIGNAL_MS = 500;

const CHECK_PARENT_MS = 1_000;

/** Runs the command line. @returns the exit code: 0 success, 1 failure, 2 bad usage or configuration */
export async function main(args: readonly string[]): Promise<number> {
  const program = new Command('zhongkong')
    .description('Zhongkong (中控): the central control server for WeChat access tokens')
    .version(packageVersion(), '-V, --version')
    .exitOverride()
    .showHelpAfterError('(run zhongkong --help for the list of commands)');
  program
    .command('serve')
    .description('start the token server and run until Ctrl-C')
    .addHelpText('after', SERVE_HELP)
    .action(() => serve(serveOptions()));
  try {
    await program.parseAsync(args, { from: 'user' });
    return EXIT.success;
  } catch (error) {
    return exitCodeFor(error);
  }
}

function serveOptions() {
  return {
    environment: process.env,
    workingFolder: process.cwd(),
    isTerminal: process.stdout.isTTY === true,
    stopRequested: new Promise<string>((resolve) => {
      const onSignal = onStopSignal(resolve);
      for (const signal of stopSignals()) process.on(signal, onSignal);
      if (process.env.npm_lifecycle_event !== undefined) onParentGone(() => resolve('the end of npm'));
    }),
  };
}

/**
 * A terminal that is closed sends SIGHUP. A server without a terminal outlives the shell that started it, as after
 * `nohup`; there SIGHUP asks a server to read its configuration again, which this one does only at its start.
 */
function stopSignals(): NodeJS.Signals[] {
  const isOnTerminal = process.stdin.isTTY === true || process.stdout.isTTY === true;
  if (!isOnTerminal) process.on('SIGHUP', () => {});
  return ['SIGINT', 'SIGTERM', 'SIGQUIT', ...(isOnTerminal ? ['SIGHUP' as const] : [])];
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

function exitCodeFor(error: unknown): number {
  // Commander has already printed its own message.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.success : EXIT.badUsage;
  if (error instanceof ConfigError || error instanceof StartError) {
    process.stderr.write(`zhongkong: ${error.message}\n`);
    return error instanceof ConfigError ? EXIT.badUsage : EXIT.failure;
  }
  throw error;
}
