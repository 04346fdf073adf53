import { authenticateApp } from '../platform/authenticate-app.js';
import { openidOf } from '../platform/login-codes.js';
import { WechatFault } from '../platform/wechat-fault.js';
import type { Api } from './api.js';

/**
 * Takes its parameters from the query only; by POST too, where those who put them into the body get 41002. On success
 * there is no errcode. A user may log in 100 times a minute.
 * @see https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/user-login/code2Session.html
 */
export const codeToSession: Api = {
  path: '/sns/jscode2session',
  methods: ['GET', 'POST'],
  auth: 'none',
  answer({ platform, request: { query, callerAddress }, nowMs }) {
    const app = authenticateApp(platform, {
      appId: query.appid ?? '',
      secret: query.secret ?? '',
      grantType: { sent: query.grant_type ?? '', expected: 'authorization_code' },
      callerAddress,
    });
    const { appId, openPlatform } = app.config;
    if (!query.js_code) throw new WechatFault(41008);
    const openid = app.loginCodes.redeem(appId, query.js_code, nowMs);
    const { usage } = app.user(openid);
    if (!usage.take('login', 'minute', platform.limits.sessionsPerMinute, nowMs)) {
      throw new WechatFault(45011);
    }
    return {
      json: {
        session_key: platform.random(16).toString('base64'),
        openid,
        ...(openPlatform && { unionid: openidOf('', openid) }),
      },
    };
  },
};
