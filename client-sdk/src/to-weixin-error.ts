import { REDACTED, type WechatFault } from '@zhongkong/shared';
import { WeixinError } from './errors.js';
import { NetworkError } from './http/network-error.js';

/** A fault of WeChat as an error. */
export function faultError({ errcode, errmsg }: WechatFault, method: string): WeixinError {
  return new WeixinError(errmsg, { errcode, method });
}

/** What a call of WeChat threw, as the error of that method: without an answer the errCode is -1. */
export function toWeixinError(error: unknown, method: string): unknown {
  if (error instanceof WeixinError) {
    const { errCode: errcode, errMsg, cause } = error;
    return new WeixinError(errMsg, { errcode, method, cause });
  }
  if (!(error instanceof NetworkError)) return error;
  return new WeixinError(`WeChat did not answer (${error.code})`, { errcode: -1, method, cause: error });
}

/** A call's token was dead and has been replaced, but the call's body is used up. */
export function cannotRepeat({ errcode, errmsg }: WechatFault, method: string, dead: string): WeixinError {
  const advice = 'the token was refreshed, but the body is a stream, which cannot be sent twice: call again';
  return new WeixinError(`${errmsg.replaceAll(dead, REDACTED)} (${advice})`, { errcode, method });
}
