import { randomBytes } from 'node:crypto';

/** The platform's own words for the faults that the drop-in paths answer with. */
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
  47001: 'data format error',
  50004: 'user not allow to use accesstoken',
} as const;

/** A fault as the platform would tell it: HTTP 200 with errcode and errmsg. */
export class PlatformFault extends Error {
  override readonly name = 'PlatformFault';
  readonly errcode: number;
  readonly errmsg: string;

  /** @param errmsg needed for a code that the drop-in paths do not send by themselves */
  constructor(errcode: keyof typeof ERRMSGS | { errcode: number; errmsg: string }, options?: ErrorOptions) {
    const fault = typeof errcode === 'number' ? { errcode, errmsg: ERRMSGS[errcode] } : errcode;
    super(`${fault.errcode} ${fault.errmsg}`, options);
    this.errcode = fault.errcode;
    this.errmsg = fault.errmsg;
  }

  /** The answer's body. Every fault of the platform ends with a request id that begins with the second. */
  body(nowMs: number): { errcode: number; errmsg: string } {
    const seconds = Math.floor(nowMs / 1000).toString(16);
    const rid = [seconds, randomBytes(4).toString('hex'), randomBytes(4).toString('hex')].join('-');
    return { errcode: this.errcode, errmsg: `${this.errmsg} rid: ${rid}` };
  }
}
