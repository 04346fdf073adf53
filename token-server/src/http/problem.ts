import {
  type Bilingual,
  BilingualError,
  type CodedErrorOptions,
  type Language,
  PROBLEM_CODES,
  type ProblemCodeName,
} from '@zhongkong/shared';
import type { Problem } from '@zhongkong/shared/contract';

export interface HttpProblemOptions extends CodedErrorOptions {
  readonly code: ProblemCodeName;
  /** @defaultValue that of the code */
  readonly status?: number;
  /** When to try again, in seconds; sent as `Retry-After`. */
  readonly retryAfterSeconds?: number | undefined;
  /** What WeChat answered. */
  readonly errcode?: number;
  readonly errmsg?: string;
  /** Further headers that the status asks for. */
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * An error answer after RFC 9457. The text becomes `detail`: it says to the caller what is wrong and what to do, in the
 * language that the caller asks for, and never holds a secret.
 */
export class HttpProblem extends BilingualError {
  override readonly name = 'HttpProblem';
  declare readonly code: ProblemCodeName;
  readonly #options: HttpProblemOptions;

  constructor(detail: Bilingual, options: HttpProblemOptions) {
    super(detail, options);
    this.#options = options;
  }

  get status(): number {
    return this.#options.status ?? PROBLEM_CODES[this.code].status;
  }

  bodyIn(language: Language): Problem {
    const { errcode, errmsg } = this.#options;
    return {
      type: `/problems/${this.code}`,
      title: PROBLEM_CODES[this.code].title[language],
      status: this.status,
      code: this.code,
      detail: this.text[language],
      ...(errcode === undefined ? {} : { errcode }),
      ...(errmsg === undefined ? {} : { errmsg }),
    };
  }

  /** Every 429 and 503 has a `Retry-After`, at least one second. */
  get headers(): Readonly<Record<string, string>> {
    const { retryAfterSeconds, headers = {} } = this.#options;
    const isPassing = this.status === 503 || this.status === 429;
    if (retryAfterSeconds === undefined && !isPassing) return headers;
    return { ...headers, 'retry-after': String(Math.max(1, Math.ceil(retryAfterSeconds ?? 1))) };
  }
}
