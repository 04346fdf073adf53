export const EXIT = { success: 0, failure: 1, badUsage: 2, interrupted: 130 } as const;

export interface CliErrorOptions extends ErrorOptions {
  /** @defaultValue 1, a failure */
  readonly exitCode?: number;
  /** What the server answered: with --json, this is the document. */
  readonly body?: string;
  /** Whether the same call may go better later. @defaultValue false */
  readonly isPassing?: boolean;
}

/** What ends a command: one line for people, which says what to do next, and the exit code. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly exitCode: number;
  readonly body: string | undefined;
  readonly isPassing: boolean;

  constructor(
    message: string,
    { exitCode = EXIT.failure, body, isPassing = false, ...options }: CliErrorOptions = {},
  ) {
    super(message, options);
    this.exitCode = exitCode;
    this.body = body;
    this.isPassing = isPassing;
  }
}

/** The command line itself is wrong; nothing was done. */
export function badUsage(message: string): CliError {
  return new CliError(message, { exitCode: EXIT.badUsage });
}
