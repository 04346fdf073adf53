import { classifyCallFault, type WechatFault } from '@zhongkong/shared';

/** A fault that the WeChat platform answered with, or the lack of an answer (`errCode` -1, with a `cause`). */
export class WeixinError extends Error {
  override readonly name = 'WeixinError';
  readonly errCode: number;
  readonly errMsg: string;
  /** The platform's name for the request, for questions to its support; undefined when it gave none. */
  readonly rid: string | undefined;
  /** The method that was called: `wxacode.get`, or the path of `request`. */
  readonly method: string;
  /** The same call may succeed later: the platform was busy, or a minute's quota was used up. */
  readonly retryable: boolean;

  constructor({ errcode, errmsg }: WechatFault, method: string, options?: ErrorOptions) {
    super(`errCode: ${errcode} | errMsg: ${errmsg}`, options);
    this.errCode = errcode;
    this.errMsg = errmsg;
    this.rid = /\brid: ([0-9a-f]+(?:-[0-9a-f]+){2})/.exec(errmsg)?.[1];
    this.method = method;
    const kind = classifyCallFault(errcode);
    this.retryable = kind === 'transient' || kind === 'throttled';
  }
}

export interface TokenServerFault {
  /** The server's machine word (`unauthorized`, `token_unavailable`, …), or `server_unreachable`, `server_garbage`. */
  readonly code: string;
  /** HTTP status; 0 when there was no answer. */
  readonly status: number;
  readonly detail: string;
  /** When the server says that a later try may succeed. */
  readonly retryAfterSeconds?: number;
}

/** The token server refused, or could not be reached. */
export class TokenServerError extends Error {
  override readonly name = 'TokenServerError';
  readonly code: string;
  readonly status: number;
  readonly retryAfterSeconds: number | undefined;

  constructor({ code, status, detail, retryAfterSeconds }: TokenServerFault, options?: ErrorOptions) {
    super(`token server: ${code}: ${detail}`, options);
    this.code = code;
    this.status = status;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** What a call of the platform threw, as this package's errors: without an answer the errCode is -1. */
export function toWeixinError(error: unknown, method: string): unknown {
  if (error instanceof TokenServerError || !(error instanceof Error)) return error;
  if (error instanceof WeixinError) {
    const { errCode: errcode, errMsg: errmsg, cause } = error;
    return new WeixinError({ errcode, errmsg }, method, { cause });
  }
  const code = 'code' in error ? error.code : error.name;
  return new WeixinError({ errcode: -1, errmsg: `WeChat did not answer (${code})` }, method, {
    cause: hideRequest(error),
  });
}

/** A call's token was dead and has been refreshed, but the call's body is gone. */
export function cannotRepeat({ errcode, errmsg }: WechatFault, method: string, dead: string): WeixinError {
  const advice = 'the token was refreshed, but the body is a stream, which cannot be sent twice: call again';
  return new WeixinError({ errcode, errmsg: `${errmsg.replaceAll(dead, '…')} (${advice})` }, method);
}

/** got hangs the request with all its options on an error, where a logger would print bodies and queries with secrets. */
export function hideRequest<T extends Error>(error: T): T {
  for (const name of ['options', 'request', 'response'] as const) {
    if (name in error) Object.defineProperty(error, name, { enumerable: false });
  }
  return error;
}
