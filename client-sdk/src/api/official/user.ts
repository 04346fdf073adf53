import type { Call } from '../call.js';
import { createGroup } from '../method.js';
import type { CallOptions, WeixinResult } from '../weixin-types.js';

export interface UserInfoParams extends CallOptions {
  readonly openid: string;
  /** @defaultValue 'zh_CN' */
  readonly lang?: 'zh_CN' | 'zh_TW' | 'en' | undefined;
}

/** What WeChat tells of a follower; of a user who does not follow, `subscribe` is 0 and the rest is missing. */
export interface UserInfo {
  readonly subscribe: 0 | 1;
  readonly openid: string;
  readonly language?: string;
  /** Unix seconds. */
  readonly subscribeTime?: number;
  /** Only if the account is bound to an Open Platform account. */
  readonly unionid?: string;
  readonly remark?: string;
  readonly groupid?: number;
  readonly tagidList?: readonly number[];
  readonly subscribeScene?: string;
  readonly qrScene?: number;
  readonly qrSceneStr?: string;
}

export interface UserInfoListParams extends CallOptions {
  /** At most 100. */
  readonly userList: readonly Pick<UserInfoParams, 'openid' | 'lang'>[];
}

export interface UserListParams extends CallOptions {
  /** The last openid of the list before. @defaultValue the first 10,000 */
  readonly nextOpenid?: string | undefined;
}

export interface UserListResult extends WeixinResult {
  readonly total: number;
  /** How many this answer has. */
  readonly count: number;
  readonly data?: { readonly openid: readonly string[] };
  readonly nextOpenid: string;
}

/** Followers of an official account. */
export interface User {
  /**
   * Who a user is, by their openid.
   * @throws WeixinError 40003 wrong openid
   * @see https://developers.weixin.qq.com/doc/offiaccount/User_Management/Get_users_basic_information_UnionID.html
   */
  info(params: UserInfoParams): Promise<UserInfo & WeixinResult>;
  /** The same for up to 100 users at once. @throws WeixinError 40003 wrong openid, 40032 too many */
  infoList(
    params: UserInfoListParams,
  ): Promise<WeixinResult & { readonly userInfoList: readonly UserInfo[] }>;
  /**
   * The openids of all followers, 10,000 at a time.
   * @see https://developers.weixin.qq.com/doc/offiaccount/User_Management/Getting_a_User_List.html
   */
  list(params?: UserListParams): Promise<UserListResult>;
}

export function createUser(call: Call): User {
  return createGroup<User>(call, 'user', {
    info: { path: '/cgi-bin/user/info', verb: 'GET', kinds: { openid: 'text', lang: 'text?' } },
    infoList: { path: '/cgi-bin/user/info/batchget', kinds: { userList: 'list' }, safeToRepeat: true },
    list: { path: '/cgi-bin/user/get', verb: 'GET', kinds: { nextOpenid: 'text?' } },
  });
}
