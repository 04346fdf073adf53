import { randomBytes } from 'node:crypto';
import { checkArguments } from '../check-arguments.js';
import type { WeixinResult } from '../weixin-types.js';
import { signPage } from './sign-page.js';
import { createTicketCache, type Ticket } from './ticket-cache.js';

export interface JssdkConfigParams {
  /** The page's whole address as the browser shows it: `location.href`. */
  readonly url: string;
  /** Given to wx.config as they are. @defaultValue `[]` */
  readonly jsApiList?: readonly string[] | undefined;
  readonly openTagList?: readonly string[] | undefined;
  /** @defaultValue false */
  readonly debug?: boolean | undefined;
}

/** What `wx.config` takes. */
export interface JssdkConfigResult extends WeixinResult {
  readonly debug: boolean;
  readonly appId: string;
  /** Unix seconds. */
  readonly timestamp: number;
  readonly nonceStr: string;
  readonly signature: string;
  readonly jsApiList: readonly string[];
  readonly openTagList: readonly string[];
}

/** Web pages of official accounts. */
export interface Jssdk {
  /**
   * Signs a page for wx.config, with a ticket that is kept in memory. A wrong clock makes a signature that WeChat may
   * refuse.
   * @throws TokenServerError, WeixinError, when no ticket can be had
   * @see https://developers.weixin.qq.com/doc/offiaccount/OA_Web_Apps/JS-SDK.html
   */
  config(params: JssdkConfigParams): Promise<JssdkConfigResult>;
}

export function createJssdk(appId: string, fetchTicket: () => Promise<Ticket>): Jssdk {
  const currentTicket = createTicketCache(fetchTicket);
  return {
    async config(params) {
      checkArguments('jssdk.config', params, { url: 'text', debug: 'boolean?' });
      const { url, debug = false, jsApiList = [], openTagList = [] } = params;
      if (!/^https?:\/\//.test(url))
        throw new TypeError('jssdk.config: url must be the whole address of the page, as in location.href');
      const nonceStr = randomBytes(8).toString('hex');
      const ticket = await currentTicket();
      const timestamp = Math.floor(Date.now() / 1000);
      const signature = signPage({ ticket, nonceStr, timestamp, url });
      return {
        errCode: 0,
        errMsg: 'ok',
        debug,
        appId,
        timestamp,
        nonceStr,
        signature,
        jsApiList,
        openTagList,
      };
    },
  };
}
