import { classifyCallFault } from '@zhongkong/shared';

export interface WeixinErrorDetails {
  readonly errcode: number;
  /** The method that was called: `wxacode.get`, or the path of `request`. */
  readonly method: string;
  readonly cause?: unknown;
}

/** A fault that WeChat answered with, or no answer at all (`errCode` -1, with a `cause` when the network failed). */
export class WeixinError extends Error {
  override readonly name = 'WeixinError';
  readonly errCode: number;
  readonly errMsg: string;
  /** WeChat's name for the request, for questions to its support; undefined when it gave none. */
  readonly rid: string | undefined;
  /** The method that was called: `wxacode.get`, or the path of `request`. */
  readonly method: string;
  /** The same call may succeed later: WeChat was busy or did not answer, or a minute's quota was used up. */
  readonly retryable: boolean;

  constructor(errmsg: string, { errcode, method, cause }: WeixinErrorDetails) {
    super(`errCode: ${errcode} | errMsg: ${errmsg}`, cause === undefined ? undefined : { cause });
    this.errCode = errcode;
    this.errMsg = errmsg;
    this.rid = /\brid: ([0-9a-f]+(?:-[0-9a-f]+){2})/.exec(errmsg)?.[1];
    this.method = method;
    const kind = classifyCallFault(errcode);
    this.retryable = kind === 'transient' || kind === 'throttled';
  }
}

export interface TokenServerErrorDetails {
  /**
   * The server's machine word (`unauthorized`, `token_unavailable`, …), or `server_unreachable`, `server_garbage`,
   * `client_closed`.
   */
  readonly code: string;
  /** HTTP status. @defaultValue 0: there was no answer */
  readonly status?: number | undefined;
  /** When the server says that a later try may succeed. */
  readonly retryAfterSeconds?: number | undefined;
  readonly cause?: unknown;
}

/** The token server refused, or could not be reached. */
export class TokenServerError extends Error {
  override readonly name = 'TokenServerError';
  readonly code: string;
  readonly status: number;
  readonly retryAfterSeconds: number | undefined;

  constructor(detail: string, { code, status = 0, retryAfterSeconds, cause }: TokenServerErrorDetails) {
    super(`token server: ${code}: ${detail}`, cause === undefined ? undefined : { cause });
    this.code = code;
    this.status = status;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}
