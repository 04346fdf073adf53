import type { App } from '../platform/app.js';
import { authenticateApp } from '../platform/authenticate-app.js';
import { jsonBody, textField } from '../platform/json-body.js';
import type { PlatformReply } from '../platform/platform-request.js';
import { WechatFault } from '../platform/wechat-fault.js';
import { type Api, type ApiCall, OK } from './api.js';

/** @see https://developers.weixin.qq.com/doc/service/en/api/apimanage/api_clearquota.html */
export const clearQuota: Api = {
  path: '/cgi-bin/clear_quota',
  methods: ['POST'],
  auth: 'access_token',
  answer(call) {
    if (textField(jsonBody(call.request), 'appid') !== call.app.config.appId) throw new WechatFault(40013);
    return clear(call, call.app);
  },
};

/**
 * The way out when no token can be had any more: takes the secret in place of a token. The page's table puts the
 * parameters into the body, its example into the query; both are taken.
 * @see https://developers.weixin.qq.com/doc/service/en/api/apimanage/api_clearquotabyappsecret.html
 */
export const clearQuotaBySecret: Api = {
  path: '/cgi-bin/clear_quota/v2',
  methods: ['POST'],
  auth: 'none',
  answer(call) {
    const { query, json, callerAddress } = call.request;
    const source = { ...query, ...json };
    const credentials = {
      appId: textField(source, 'appid'),
      secret: textField(source, 'appsecret'),
      callerAddress,
    };
    return clear(call, authenticateApp(call.platform, credentials));
  },
};

/** Ten times a month, both ways together. */
function clear({ platform, nowMs }: ApiCall, app: App): PlatformReply {
  if (!app.usage.take('clear_quota', 'month', platform.limits.clearQuotaPerMonth, nowMs)) {
    throw new WechatFault(48006);
  }
  app.usage.clearDays();
  platform.changed();
  return { json: OK };
}
