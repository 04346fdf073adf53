import { EXIT } from './cli-error.js';
import type { Io } from './io.js';
import { createProgram } from './program.js';
import { runProgram } from './run-program.js';

/** Runs the command line of this process. @returns the exit code: 0 success, 1 failure, 2 bad usage or configuration */
export async function main(args: readonly string[]): Promise<number> {
  const io: Io = {
    environment: process.env,
    workingFolder: process.cwd(),
    // Made only when it is asked for: a command that reads nothing leaves its input alone.
    get stdin() {
      return process.stdin;
    },
    stdout: process.stdout,
    stderr: process.stderr,
  };
  const program = createProgram(io);
  // The server stops in order; nothing else has anything to finish. `head` and the like read only what they want.
  program.hook('preAction', (_program, command) => {
    if (command.name() === 'serve') return;
    process.once('SIGINT', () => process.exit(EXIT.interrupted));
    process.stdout.on('error', ({ code }: NodeJS.ErrnoException) =>
      process.exit(code === 'EPIPE' ? EXIT.success : EXIT.failure),
    );
  });
  return runProgram(program, args, io);
}
