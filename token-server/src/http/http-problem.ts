import { PROBLEM_CODES, type ProblemCodeName } from '@zhongkong/shared';
import type { Problem } from '@zhongkong/shared/contract';

export interface ProblemDetails {
  /** For the caller: what is wrong and what to do. Never holds a secret. */
  readonly detail?: string;
  /** When to try again, in seconds; sent as `Retry-After`. */
  readonly retryAfterSeconds?: number;
  readonly errcode?: number;
  readonly errmsg?: string;
  /** Further headers that the status asks for. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** An answer that is an error: thrown by whoever finds it, sent by the error handler. */
export class HttpProblem extends Error {
  override readonly name = 'HttpProblem';
  readonly code: ProblemCodeName;
  readonly details: ProblemDetails;

  constructor(code: ProblemCodeName, details: ProblemDetails = {}, options?: ErrorOptions) {
    super(details.detail ?? PROBLEM_CODES[code].title, options);
    this.code = code;
    this.details = details;
  }

  get status(): number {
    return PROBLEM_CODES[this.code].status;
  }

  get body(): Problem {
    const { detail, errcode, errmsg } = this.details;
    return {
      type: `urn:zhongkong:problem:${this.code}`,
      title: PROBLEM_CODES[this.code].title,
      status: this.status,
      code: this.code,
      ...(detail === undefined ? {} : { detail }),
      ...(errcode === undefined ? {} : { errcode }),
      ...(errmsg === undefined ? {} : { errmsg }),
    };
  }

  /** `Retry-After` is there for every answer that a later try may change (429, 503). */
  get headers(): Readonly<Record<string, string>> {
    const { retryAfterSeconds, headers = {} } = this.details;
    const mayChange = this.status === 503 || this.status === 429;
    if (retryAfterSeconds === undefined && !mayChange) return headers;
    return { ...headers, 'retry-after': String(Math.max(1, Math.ceil(retryAfterSeconds ?? 1))) };
  }
}
