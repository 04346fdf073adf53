import { jsonBody, textField } from '../platform/json-body.js';
import { isOpenid } from '../platform/login-codes.js';
import { newIdText } from '../platform/random-text.js';
import { WechatFault } from '../platform/wechat-fault.js';
import { type Api, OK } from './api.js';

/** Text that holds this is found risky. A choice of the sandbox. */
const RISKY = 'sandbox-risky';

/**
 * With `version: 2` the verdict is in `result`, without it risky text is 87014.
 * @see https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/sec-center/sec-check/msgSecCheck.html
 */
export const checkMessage: Api = {
  path: '/wxa/msg_sec_check',
  methods: ['POST'],
  auth: 'access_token',
  answer({ platform, request }) {
    const body = jsonBody(request);
    const content = textField(body, 'content');
    if (content === '') throw new WechatFault(47001);
    const isRisky = content.includes(RISKY);
    if (body.version !== 2) {
      if (isRisky) throw new WechatFault(87014);
      return { json: OK };
    }
    if (!isOpenid(body.openid)) throw new WechatFault(40003);
    const result = isRisky ? { suggest: 'risky', label: 20001 } : { suggest: 'pass', label: 100 };
    const detail = [{ strategy: 'content_model', errcode: 0, ...result, prob: 90 }];
    return { json: { ...OK, result, detail, trace_id: newIdText(platform.random, 24) } };
  },
};

/**
 * The verdict, which the platform pushes later, never comes.
 * @see https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/sec-center/sec-check/mediaCheckAsync.html
 */
export const checkMedia: Api = {
  path: '/wxa/media_check_async',
  methods: ['POST'],
  auth: 'access_token',
  answer({ platform, request }) {
    const body = jsonBody(request);
    const isMedia = body.media_type === 1 || body.media_type === 2;
    if (!isMedia || !/^https?:\/\//.test(textField(body, 'media_url'))) throw new WechatFault(47001);
    return { json: { ...OK, trace_id: newIdText(platform.random, 24) } };
  },
};
