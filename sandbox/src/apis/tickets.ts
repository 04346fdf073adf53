import { WechatFault } from '../platform/wechat-fault.js';
import type { Api } from './api.js';

/**
 * Tickets live by a clock of their own: a new access token makes no new ticket, and every call within a ticket's life
 * gets the same one. What the platform does on repeated calls is not published; this is our reading.
 * @see https://developers.weixin.qq.com/doc/offiaccount/OA_Web_Apps/JS-SDK.html
 */
export const getTicket: Api = {
  path: '/cgi-bin/ticket/getticket',
  methods: ['GET'],
  auth: 'access_token',
  answer({ platform, app, request, nowMs }) {
    const { type } = request.query;
    if (type !== 'jsapi' && type !== 'wx_card') throw new WechatFault(40097);
    const { ticket, expiresAtMs } = platform.ticket(app, type, nowMs);
    return {
      json: { errcode: 0, errmsg: 'ok', ticket, expires_in: Math.floor((expiresAtMs - nowMs) / 1000) },
    };
  },
};
