import { isOpenid, openidOf } from '../platform/login-codes.js';
import { WechatFault } from '../platform/wechat-fault.js';
import { type Api, OK } from './api.js';

/** How long after the payment the unionid can be had. */
const PAYMENT_FRESH_MS = 5 * 60_000;

/**
 * There are no payments here: an order number of the right form counts as paid when it is first seen, by the user it
 * is first seen with.
 * @see https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/user-info/basic-info/getPaidUnionid.html
 */
export const getPaidUnionId: Api = {
  path: '/wxa/getpaidunionid',
  methods: ['GET'],
  auth: 'access_token',
  answer({ app, request: { query }, nowMs }) {
    const { openid } = query;
    if (!isOpenid(openid)) throw new WechatFault(40003);
    if (!app.config.openPlatform) throw new WechatFault(89002);
    const order = orderOf(query);
    if (order === undefined) throw new WechatFault(89300);
    const payment = app.payments.get(order) ?? { openid, paidAtMs: nowMs };
    app.payments.set(order, payment);
    if (payment.openid !== openid) throw new WechatFault(40003);
    if (nowMs - payment.paidAtMs >= PAYMENT_FRESH_MS) throw new WechatFault(89300);
    return { json: { unionid: openidOf('', openid), ...OK } };
  },
};

function orderOf(query: Readonly<Record<string, string>>): string | undefined {
  const { transaction_id: transaction = '', mch_id: merchant = '', out_trade_no: trade = '' } = query;
  if (/^\d{28}$/.test(transaction)) return transaction;
  return /^\d{8,10}$/.test(merchant) && /^[\w*|@-]{6,32}$/.test(trade) ? `${merchant} ${trade}` : undefined;
}
