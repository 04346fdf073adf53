import { authenticateApp } from '../platform/authenticate-app.js';
import { openidOf } from '../platform/login-codes.js';
import { WechatFault } from '../platform/wechat-fault.js';
import type { Api, ApiCall } from './api.js';

const LIFE_SECONDS = { access: 7_200, refresh: 30 * 86_400 } as const;

/** A user's token says by itself whose it is and until when, so that nothing has to be kept. */
interface UserToken {
  kind: keyof typeof LIFE_SECONDS;
  appId: string;
  openid: string;
  expiresAtMs: number;
}

/**
 * The login of an official account's user: a code, as `addLoginCode` makes it, for the user's token.
 * @see https://developers.weixin.qq.com/doc/offiaccount/OA_Web_Apps/Wechat_webpage_authorization.html
 */
export const getUserToken: Api = {
  path: '/sns/oauth2/access_token',
  methods: ['GET', 'POST'],
  auth: 'none',
  answer({ platform, request: { query, callerAddress }, nowMs }) {
    const app = authenticateApp(platform, {
      appId: query.appid ?? '',
      secret: query.secret ?? '',
      grantType: { sent: query.grant_type ?? '', expected: 'authorization_code' },
      callerAddress,
    });
    if (!query.code) throw new WechatFault(41008);
    const { appId } = app.config;
    return { json: tokensOf(appId, app.loginCodes.redeem(appId, query.code, nowMs), nowMs) };
  },
};

export const refreshUserToken: Api = {
  path: '/sns/oauth2/refresh_token',
  methods: ['GET', 'POST'],
  auth: 'none',
  answer({ platform, request: { query }, nowMs }) {
    if (!platform.apps.has(query.appid ?? '')) throw new WechatFault(40013);
    const token = read(query.refresh_token, 'refresh');
    if (token === undefined || token.appId !== query.appid) throw new WechatFault(40030);
    if (token.expiresAtMs <= nowMs) throw new WechatFault(42002);
    return { json: tokensOf(token.appId, token.openid, nowMs) };
  },
};

export const getUserInfo: Api = {
  path: '/sns/userinfo',
  methods: ['GET', 'POST'],
  auth: 'none',
  answer(call) {
    const { appId, openid } = requireUser(call);
    const isBound = call.platform.apps.get(appId)?.config.openPlatform === true;
    const nobody = { nickname: 'sandbox user', sex: 0, province: '', city: '', country: '', headimgurl: '' };
    return { json: { openid, ...nobody, privilege: [], ...(isBound && { unionid: openidOf('', openid) }) } };
  },
};

export const checkUserToken: Api = {
  path: '/sns/auth',
  methods: ['GET', 'POST'],
  auth: 'none',
  answer(call) {
    requireUser(call);
    return { json: { errcode: 0, errmsg: 'ok' } };
  },
};

function requireUser({ request: { query }, nowMs }: ApiCall): UserToken {
  if (!query.access_token) throw new WechatFault(41001);
  const token = read(query.access_token, 'access');
  if (token === undefined) throw new WechatFault(40001);
  if (token.expiresAtMs <= nowMs) throw new WechatFault(42001);
  if (token.openid !== query.openid) throw new WechatFault(40003);
  return token;
}

function tokensOf(appId: string, openid: string, nowMs: number) {
  const write = (kind: UserToken['kind']) => {
    const token: UserToken = { kind, appId, openid, expiresAtMs: nowMs + LIFE_SECONDS[kind] * 1000 };
    return Buffer.from(JSON.stringify(token)).toString('base64url');
  };
  return {
    access_token: write('access'),
    expires_in: LIFE_SECONDS.access,
    refresh_token: write('refresh'),
    openid,
    scope: 'snsapi_userinfo',
  };
}

function read(text: string | undefined, kind: UserToken['kind']): UserToken | undefined {
  try {
    const token = JSON.parse(Buffer.from(text ?? '', 'base64url').toString()) as UserToken;
    return token.kind === kind ? token : undefined;
  } catch {
    return undefined;
  }
}
