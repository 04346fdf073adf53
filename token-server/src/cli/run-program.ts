import { type Command, CommanderError } from 'commander';
import { CliError, EXIT } from './cli-error.js';
import type { Io } from './io.js';

/** Runs one command line. @returns the exit code: 0 success, 1 failure, 2 bad usage or configuration */
export async function runProgram(program: Command, args: readonly string[], io: Io): Promise<number> {
  try {
    await program.parseAsync(args, { from: 'user' });
    return EXIT.success;
  } catch (error) {
    // Commander has already printed its own message.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.success : EXIT.badUsage;
    if (!(error instanceof CliError)) throw error;
    if (error.body !== undefined && program.opts().json === true) io.stdout.write(`${error.body}\n`);
    io.stderr.write(`zhongkong: ${error.message}\n`);
    return error.exitCode;
  }
}
