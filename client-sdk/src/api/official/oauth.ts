import type { Call } from '../call.js';
import { checkArguments } from '../check-arguments.js';
import type { WeixinResult } from '../weixin-types.js';

export interface UserToken extends WeixinResult {
  /** Of this user, not of the app: for `oauth.getUserInfo` alone. */
  readonly accessToken: string;
  /** Seconds. */
  readonly expiresIn: number;
  /** Good for 30 days. */
  readonly refreshToken: string;
  readonly openid: string;
  readonly scope: string;
  /** Only if the account is bound to an Open Platform account. */
  readonly unionid?: string;
}

export interface OauthUserInfo extends WeixinResult {
  readonly openid: string;
  readonly nickname: string;
  readonly headimgurl: string;
  readonly unionid?: string;
}

/**
 * Logins of users on web pages of an official account (a verified service account). The code comes as a query parameter
 * to the page that `https://open.weixin.qq.com/connect/oauth2/authorize` leads back to.
 * @see https://developers.weixin.qq.com/doc/offiaccount/OA_Web_Apps/Wechat_webpage_authorization.html
 */
export interface Oauth {
  /**
   * Turns a code into the user's openid and token. A code works once and for five minutes. With a token server it is the
   * server that asks, since it alone holds the app secret; the client's key needs the scope `login`.
   * @throws WeixinError 40029 invalid or too old code, 40163 code used before; with a token server also 40001 the key has
   * not the scope
   */
  getUserToken(params: { readonly code: string }): Promise<UserToken>;
  /** A new token for the user. @throws WeixinError 40030 wrong refreshToken, 42002 too old */
  refreshUserToken(params: { readonly refreshToken: string }): Promise<UserToken>;
  /** What the user has agreed to show (scope `snsapi_userinfo`). @throws WeixinError 40001 or 42001 the user's token is dead */
  getUserInfo(params: {
    readonly userToken: string;
    readonly openid: string;
    /** @defaultValue 'zh_CN' */
    readonly lang?: 'zh_CN' | 'zh_TW' | 'en' | undefined;
  }): Promise<OauthUserInfo>;
}

export interface OauthSources {
  readonly appId: string;
  /** Straight to WeChat. */
  readonly call: Call;
  /** To where the secret is: WeChat, with the app's own; the token server, with the client's key in its place. */
  readonly login: { readonly call: Call; readonly secret: string } | undefined;
}

export function createOauth({ appId, call, login }: OauthSources): Oauth {
  return {
    async getUserToken({ code }) {
      const api = 'oauth.getUserToken';
      checkArguments(api, { code }, { code: 'text' });
      if (login === undefined) throw new TypeError(`${api}: give initWeixin a tokenServer or a secret`);
      const query = { appid: appId, secret: login.secret, code, grantType: 'authorization_code' };
      const path = '/sns/oauth2/access_token';
      return login.call({
        api,
        method: 'GET',
        path,
        query,
        needsToken: false,
        safeToRepeat: false,
        expects: 'json',
      });
    },
    async refreshUserToken({ refreshToken }) {
      const api = 'oauth.refreshUserToken';
      checkArguments(api, { refreshToken }, { refreshToken: 'text' });
      const query = { appid: appId, grantType: 'refresh_token', refreshToken };
      return call({
        api,
        method: 'GET',
        path: '/sns/oauth2/refresh_token',
        query,
        needsToken: false,
        expects: 'json',
      });
    },
    async getUserInfo({ userToken, openid, lang }) {
      const api = 'oauth.getUserInfo';
      checkArguments(api, { userToken, openid, lang }, { userToken: 'text', openid: 'text', lang: 'text?' });
      const query = { openid, lang };
      return call({
        api,
        method: 'GET',
        path: '/sns/userinfo',
        query,
        accessToken: userToken,
        expects: 'json',
      });
    },
  };
}
