import { randomBytes } from 'node:crypto';
import { CodedError } from '@zhongkong/shared';

/** WeChat's own texts for the faults that the drop-in paths answer with. */
const ERRMSGS = {
  [-1]: 'system error',
  40001: 'invalid credential, access_token is invalid or not latest',
  40002: 'invalid grant_type',
  40013: 'invalid appid',
  40066: 'invalid url',
  40097: 'invalid args',
  40125: 'invalid appsecret',
  41001: 'access_token missing',
  41002: 'appid missing',
  41004: 'appsecret missing',
  43001: 'require GET method',
  43002: 'require POST method',
  44002: 'empty post data',
  45009: 'reach max api daily quota limit',
  45011: 'api minute-quota reach limit, must slower, retry next minute',
  47001: 'data format error',
  50004: 'user not allow to use accesstoken',
} as const;

export type DropInErrcode = keyof typeof ERRMSGS;

export interface DropInFaultOptions extends ErrorOptions {
  readonly errcode: number;
}

/** A fault in WeChat's shape: HTTP 200 with errcode and errmsg. The message is the errmsg, without a request id. */
export class DropInFault extends CodedError {
  override readonly name = 'DropInFault';
  readonly errcode: number;

  constructor(errmsg: string, { errcode, cause }: DropInFaultOptions) {
    super(errmsg, { code: 'drop_in_fault', cause });
    this.errcode = errcode;
  }

  /** The answer's body. WeChat ends every errmsg with a request id that begins with the time in seconds. */
  body(nowMs: number): { errcode: number; errmsg: string } {
    const seconds = Math.floor(nowMs / 1000).toString(16);
    const rid = [seconds, randomBytes(4).toString('hex'), randomBytes(4).toString('hex')].join('-');
    return { errcode: this.errcode, errmsg: `${this.message} rid: ${rid}` };
  }
}

/** A fault with WeChat's own text. */
export function faultOfCode(errcode: DropInErrcode, cause?: unknown): DropInFault {
  return new DropInFault(ERRMSGS[errcode], { errcode, cause });
}
