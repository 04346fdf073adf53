import { errmsgs, STALE_TOKEN_ADVICE } from './errmsg.js';

/** A fault that the platform answers with `{errcode, errmsg}` and HTTP 200. */
export class WechatFault extends Error {
  override readonly name = 'WechatFault';
  readonly errcode: number;

  /** @param message the errmsg without the request id; default: the platform's text for the code */
  constructor(errcode: number, message: string = errmsgs[errcode] ?? 'unknown error') {
    super(message);
    this.errcode = errcode;
  }
}

/**
 * The errmsg as it stands on the wire. Paths under /sns/ put a comma before the request id, the others do not, and
 * only the others tell a bad token where to get a better one.
 * @param fault errcode and the message without the request id
 */
export function formatErrmsg(fault: { errcode: number; message: string }, path: string, rid: string): string {
  const isSns = path.startsWith('/sns/');
  const advice = fault.errcode === 40001 && !isSns ? STALE_TOKEN_ADVICE : '';
  const comma = isSns || fault.errcode === 40066 || fault.errcode === 48001 ? ',' : '';
  return `${fault.message}${advice}${comma} rid: ${rid}`;
}
