import type { Call } from '../call.js';
import { createGroup } from '../method.js';
import type { CallOptions, WeixinResult } from '../weixin-types.js';

export interface GetPhoneNumberParams extends CallOptions {
  /** From the phone-number button; not the code of `wx.login`. Works once, for five minutes. */
  readonly code: string;
  readonly openid?: string | undefined;
}

export interface GetPhoneNumberResult extends WeixinResult {
  readonly phoneInfo: {
    /** With the country's code, if it is not China's. */
    readonly phoneNumber: string;
    readonly purePhoneNumber: string;
    readonly countryCode: string;
    readonly watermark: {
      /** Unix seconds. */
      readonly timestamp: number;
      readonly appid: string;
    };
  };
}

export interface Phonenumber {
  /**
   * The number that a user has agreed to give.
   * @throws WeixinError 40029 invalid or too old code, 40163 code used before, 45011 too often
   * @see https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/user-info/phone-number/getPhoneNumber.html
   */
  getPhoneNumber(params: GetPhoneNumberParams): Promise<GetPhoneNumberResult>;
}

export function createPhonenumber(call: Call): Phonenumber {
  return createGroup<Phonenumber>(call, 'phonenumber', {
    getPhoneNumber: { path: '/wxa/business/getuserphonenumber', kinds: { code: 'text', openid: 'text?' } },
  });
}
