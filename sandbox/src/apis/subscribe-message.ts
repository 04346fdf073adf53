import { isRecord, jsonBody, textField } from '../platform/json-body.js';
import { isOpenid } from '../platform/login-codes.js';
import { WechatFault } from '../platform/wechat-fault.js';
import { type Api, OK } from './api.js';

/**
 * Every user is taken to have agreed; inject 43101 for one who has not.
 * @see https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/mp-message-management/subscribe-message/sendMessage.html
 */
export const sendSubscribeMessage: Api = {
  path: '/cgi-bin/message/subscribe/send',
  methods: ['POST'],
  auth: 'access_token',
  answer({ request }) {
    const body = jsonBody(request);
    if (!isOpenid(body.touser)) throw new WechatFault(40003);
    if (textField(body, 'template_id') === '') throw new WechatFault(40037);
    const { data } = body;
    if (!isRecord(data) || !Object.values(data).every((entry) => isRecord(entry) && 'value' in entry)) {
      throw new WechatFault(47003);
    }
    return { json: OK };
  },
};
