export const EXIT = { success: 0, failure: 1, badUsage: 2, interrupted: 130 } as const;

export interface CliErrorOptions extends ErrorOptions {
  /** @defaultValue 1, a failure */
  readonly exitCode?: number;
  /** What the server answered: with --json, this is the document. */
  readonly body?: string;
}

/** What ends a command: one line for people, which says what to do next, and the exit code. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly exitCode: number;
  readonly body: string | undefined;

  constructor(message: string, { exitCode = EXIT.failure, body, ...options }: CliErrorOptions = {}) {
    super(message, options);
    this.exitCode = exitCode;
    this.body = body;
  }
}

/** The command line itself is wrong; nothing was done. */
export function badUsage(message: string): CliError {
  return new CliError(message, { exitCode: EXIT.badUsage });
}
