import { Command, CommanderError } from 'commander';
import { ConfigError } from '../config/config-error.js';
import { packageVersion } from '../package-version.js';
import { StartError } from '../start-error.js';
import { serve } from './serve.js';

const EXIT = { success: 0, failure: 1, badUsage: 2, interrupted: 130 };

const SERVE_HELP = `
Without a configuration file it runs a demo with a WeChat platform of its own.
With zhongkong.config.json in the current folder (or ZHONGKONG_CONFIG) it serves the apps listed there.

Environment: PORT, HOST, REDIS_URL, DATA_DIR, WECHAT_API_BASE_URL, ZHONGKONG_CONFIG, ZHONGKONG_MASTER_KEY, LOG_LEVEL.
See docs/configuration.md.

Examples:
  $ zhongkong serve
  $ PORT=7300 LOG_LEVEL=debug zhongkong serve
  $ REDIS_URL=redis://127.0.0.1:6379 ZHONGKONG_MASTER_KEY=$(openssl rand -base64 32) zhongkong serve`;

const SAME_WISH_MS = 500;

/** Nothing should hold the process when the command is done; if something does, it is let go after this time. */
const LET_GO_MS = 2_000;

/** Runs the command line as the only thing that this process does. */
export async function run(args: readonly string[]): Promise<void> {
  process.exitCode = await main(args);
  setTimeout(() => process.exit(), LET_GO_MS).unref();
}

/** Runs the command line. @returns the exit code */
export async function main(args: readonly string[]): Promise<number> {
  const program = new Command('zhongkong')
    .description('Zhongkong (中控): the central control server for WeChat access tokens')
    .version(packageVersion(), '-V, --version')
    .exitOverride()
    .showHelpAfterError('(zhongkong --help shows what there is)');
  program
    .command('serve')
    .description('start the token server and run until Ctrl-C')
    .addHelpText('after', SERVE_HELP)
    .action(() => serve(surroundings()));
  try {
    await program.parseAsync(args, { from: 'user' });
    return EXIT.success;
  } catch (error) {
    return exitCodeFor(error);
  }
}

function surroundings() {
  return {
    environment: process.env,
    workingFolder: process.cwd(),
    isTerminal: process.stdout.isTTY === true,
    print: (text: string) => void process.stdout.write(text),
    told: new Promise<string>((resolve) => {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, impatient(resolve));
    }),
  };
}

/** Whoever asks a second time does not want to wait; not when npm passes on what the terminal has sent to us as well. */
function impatient(tell: (signal: string) => void): (signal: string) => void {
  let toldAt: number | undefined;
  return (signal) => {
    if (toldAt !== undefined && performance.now() - toldAt > SAME_WISH_MS) process.exit(EXIT.interrupted);
    toldAt ??= performance.now();
    tell(signal);
  };
}

function exitCodeFor(error: unknown): number {
  // Commander has printed its own message already.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.success : EXIT.badUsage;
  if (error instanceof ConfigError || error instanceof StartError) {
    process.stderr.write(`zhongkong: ${error.message}\n`);
    return error instanceof ConfigError ? EXIT.badUsage : EXIT.failure;
  }
  throw error;
}
