import type { Call } from '../call.js';
import { checkArguments } from '../check-arguments.js';
import { createGroup } from '../method.js';
import type { CallOptions, WeixinResult } from '../weixin-types.js';

export interface AccessTokenResult extends WeixinResult {
  readonly accessToken: string;
  /** Whole seconds that it still lives. */
  readonly expiresIn: number;
}

export interface SessionResult extends WeixinResult {
  /** The user, as this app knows them. */
  readonly openid: string;
  /** Decrypts and signs the user's data. Keep it on the server. */
  readonly sessionKey: string;
  /** The user, across all apps of the same Open Platform account; only if the app is bound to one. */
  readonly unionid?: string;
}

/** Who paid, and either `transactionId`, or `mchId` and `outTradeNo`. */
export interface PaidUnionIdParams extends CallOptions {
  /** The user who paid. */
  readonly openid: string;
  /** WeChat Pay's number of the order. */
  readonly transactionId?: string | undefined;
  /** The merchant's number at WeChat Pay; goes with `outTradeNo`. */
  readonly mchId?: string | undefined;
  /** The merchant's own number of the order. */
  readonly outTradeNo?: string | undefined;
}

export interface PaidUnionIdResult extends WeixinResult {
  readonly unionid: string;
}

/** Login, and the access token itself. */
export interface Auth {
  /**
   * The access token in use, with what is left of its life. Costs no call of WeChat while one is in memory: the
   * SDK keeps one token, and never ends another's by asking for a new one.
   * @throws TokenServerError; with a `secret` WeixinError: 40001 or 40125 wrong secret, 40013 unknown appId, 40164 this
   * address is not on the whitelist
   * @see https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/mp-access-token/getAccessToken.html
   */
  getAccessToken(): Promise<AccessTokenResult>;
  /**
   * Turns the code of `wx.login` into the user's session. A code works once and for five minutes. With a token server
   * it is the server that asks, since it alone holds the app secret; the client's key needs the scope `login`.
   * @throws WeixinError 40029 invalid or too old code, 40163 code used before, 45011 more than 100 logins of a user
   * in a minute, 40226 blocked user; TokenServerError
   * @see https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/user-login/code2Session.html
   */
  code2Session(code: string): Promise<SessionResult>;
  /**
   * The UnionID of a user who has paid, without their consent, within five minutes after the payment.
   * @throws WeixinError 40003 wrong openid, 89002 not bound to an Open Platform account, 89300 no such order
   * @see https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/user-info/basic-info/getPaidUnionid.html
   */
  getPaidUnionId(params: PaidUnionIdParams): Promise<PaidUnionIdResult>;
}

/** What depends on whether there is a token server. */
export interface AuthSources {
  readToken(): Promise<{ readonly accessToken: string; readonly expiresIn: number }>;
  codeToSession(code: string): Promise<SessionResult>;
}

export function createAuth(call: Call, { readToken, codeToSession }: AuthSources): Auth {
  return {
    async getAccessToken() {
      const { accessToken, expiresIn } = await readToken();
      return { errCode: 0, errMsg: 'ok', accessToken, expiresIn };
    },
    async code2Session(code) {
      checkArguments('auth.code2Session', { code }, { code: 'text' });
      return codeToSession(code);
    },
    ...createGroup<Pick<Auth, 'getPaidUnionId'>>(call, 'auth', {
      getPaidUnionId: {
        path: '/wxa/getpaidunionid',
        verb: 'GET',
        kinds: { openid: 'text', transactionId: 'text?', mchId: 'text?', outTradeNo: 'text?' },
        prepare: checkOrder,
      },
    }),
  };
}

function checkOrder(name: string, { transactionId, mchId, outTradeNo }: PaidUnionIdParams): object {
  if (transactionId === undefined && (mchId === undefined || outTradeNo === undefined))
    throw new TypeError(`${name}: give transactionId, or mchId and outTradeNo`);
  return {};
}
