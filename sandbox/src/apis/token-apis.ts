import { authenticateApp } from '../platform/authenticate-app.js';
import { fetchToken } from '../platform/fetch-token.js';
import { jsonBody, textField } from '../platform/json-body.js';
import type { PlatformReply } from '../platform/platform-request.js';
import type { TokenRecord } from '../platform/token-record.js';
import { WechatFault } from '../platform/wechat-fault.js';
import type { Api } from './api.js';

/** @see https://developers.weixin.qq.com/doc/service/en/api/base/api_getaccesstoken */
export const getAccessToken: Api = {
  path: '/cgi-bin/token',
  methods: ['GET'],
  auth: 'none',
  answer({ platform, request, nowMs }) {
    const app = authenticateApp(platform, credentialsOf(request.query, request.callerAddress));
    return tokenReply(fetchToken(platform, app, { endpoint: 'token', forceRefresh: false }, nowMs), nowMs);
  },
};

/** @see https://developers.weixin.qq.com/doc/service/api/base/api_getstableaccesstoken */
export const getStableAccessToken: Api = {
  path: '/cgi-bin/stable_token',
  methods: ['POST'],
  auth: 'none',
  answer({ platform, request, nowMs }) {
    const body = jsonBody(request);
    const app = authenticateApp(platform, credentialsOf(body, request.callerAddress));
    const forceRefresh = body.force_refresh ?? false;
    if (typeof forceRefresh !== 'boolean') throw new WechatFault(47001);
    return tokenReply(fetchToken(platform, app, { endpoint: 'stable_token', forceRefresh }, nowMs), nowMs);
  },
};

function credentialsOf(source: Readonly<Record<string, unknown>>, callerAddress: string) {
  return {
    appId: textField(source, 'appid'),
    secret: textField(source, 'secret'),
    grantType: { sent: textField(source, 'grant_type'), expected: 'client_credential' },
    callerAddress,
  };
}

/** On success the token endpoints send no errcode. A token handed out again comes with what is left of its life. */
function tokenReply(record: TokenRecord, nowMs: number): PlatformReply {
  const expiresIn = Math.max(0, Math.floor((record.expiresAtMs - nowMs) / 1000));
  return { json: { access_token: record.accessToken, expires_in: expiresIn } };
}
