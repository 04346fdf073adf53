import { isRecord, jsonBody } from '../platform/json-body.js';
import { newIdText } from '../platform/random-text.js';
import { WechatFault } from '../platform/wechat-fault.js';
import { type Api, type AppCall, OK } from './api.js';
import { checkEnvVersion } from './code-checks.js';

/** @see https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/qrcode-link/url-scheme/generateScheme.html */
export const generateScheme: Api = {
  path: '/wxa/generatescheme',
  methods: ['POST'],
  auth: 'access_token',
  answer(call) {
    const { jump_wxa: target = {} } = jsonBody(call.request);
    if (!isRecord(target)) throw new WechatFault(47001);
    checkEnvVersion(target.env_version);
    return { json: { ...OK, openlink: `weixin://dl/business/?t=${linkId(call)}` } };
  },
};

/** @see https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/qrcode-link/url-link/generateUrlLink.html */
export const generateUrlLink: Api = {
  path: '/wxa/generate_urllink',
  methods: ['POST'],
  auth: 'access_token',
  answer(call) {
    checkEnvVersion(jsonBody(call.request).env_version);
    return { json: { ...OK, url_link: `https://wxaurl.cn/${linkId(call)}` } };
  },
};

function linkId({ platform }: AppCall): string {
  return newIdText(platform.random, 11);
}
