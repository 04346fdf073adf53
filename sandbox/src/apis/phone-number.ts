import { createHash } from 'node:crypto';
import { jsonBody, textField } from '../platform/json-body.js';
import { type Api, OK } from './api.js';

/**
 * The number follows from the user. The code comes from the phone-number button, works once and for five minutes.
 * @see https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/user-info/phone-number/getPhoneNumber.html
 */
export const getPhoneNumber: Api = {
  path: '/wxa/business/getuserphonenumber',
  methods: ['POST'],
  auth: 'access_token',
  answer({ app, request, nowMs }) {
    const { appId } = app.config;
    const openid = app.phoneCodes.redeem(appId, textField(jsonBody(request), 'code'), nowMs);
    const digits = createHash('sha256').update(openid).digest().readUInt32BE(0) % 100_000_000;
    const number = `138${String(digits).padStart(8, '0')}`;
    const phoneInfo = {
      phoneNumber: number,
      purePhoneNumber: number,
      countryCode: '86',
      watermark: { timestamp: Math.floor(nowMs / 1000), appid: appId },
    };
    return { json: { ...OK, phone_info: phoneInfo } };
  },
};
