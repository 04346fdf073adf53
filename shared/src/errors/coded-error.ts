export interface CodedErrorOptions extends ErrorOptions {
  /** A stable word for programs: `store_unavailable`, `lease_busy`, … */
  readonly code: string;
}

/** The base of our own errors: a message for people, a stable code for programs, and the cause. */
export class CodedError extends Error {
  override readonly name: string = 'CodedError';
  readonly code: string;

  constructor(message: string, { code, cause }: CodedErrorOptions) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}
