import type { Call } from './call.js';
import type { SessionResult } from './groups/auth.js';
import type { Ticket } from './groups/ticket-cache.js';
import type { WeixinResult } from './weixin-types.js';

/** A ticket is asked for again after this share of its life: its number of calls a day is small. */
const TICKET_SHARE = 0.9;

/** The session of a login code, straight from WeChat. */
export function codeToSessionBySecret(
  call: Call,
  { appId, secret }: { readonly appId: string; readonly secret: string },
): (code: string) => Promise<SessionResult> {
  return (code) =>
    call({
      api: 'auth.code2Session',
      method: 'GET',
      path: '/sns/jscode2session',
      query: { appid: appId, secret, jsCode: code, grantType: 'authorization_code' },
      needsToken: false,
      // The code works once: if only the answer was lost, the same request would be answered with 40163.
      safeToRepeat: false,
      expects: 'json',
    });
}

/**
 * The ticket of web pages, straight from WeChat.
 * @see https://developers.weixin.qq.com/doc/offiaccount/OA_Web_Apps/JS-SDK.html
 */
export async function jsapiTicketOfWechat(call: Call): Promise<Ticket> {
  const { ticket, expiresIn } = await call<WeixinResult & Omit<Ticket, 'refreshIn'>>({
    api: 'jssdk.config',
    method: 'GET',
    path: '/cgi-bin/ticket/getticket',
    query: { type: 'jsapi' },
    expects: 'json',
  });
  return { ticket, expiresIn, refreshIn: expiresIn * TICKET_SHARE };
}
