import { createHash } from 'node:crypto';
import { BoundedMap } from './bounded-map.js';
import { WechatFault } from './wechat-fault.js';

/** A code lives five minutes and works once. */
const CODE_LIFE_MS = 5 * 60_000;
const codeForm = /^[0-9A-Za-z]{32}$/;

/** The codes that `wx.login` or the phone-number button hands to a mini program. */
export class LoginCodes {
  readonly #codes = new BoundedMap<string, { openid: string; bornAtMs: number; used: boolean }>(10_000);

  add(code: string, openid: string, nowMs: number): void {
    this.#codes.set(code, { openid, bornAtMs: nowMs, used: false });
  }

  /**
   * Uses a code up and tells whose it was. A code that was not made through the control interface is taken for a
   * fresh one if it looks like one, 32 letters and digits; its user follows from the code.
   * @throws 40163 when used before, 40029 when too old or no code at all
   * @see https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/user-login/code2Session.html
   */
  redeem(appId: string, code: string, nowMs: number): string {
    if (!this.#codes.has(code) && codeForm.test(code)) this.add(code, openidOf(appId, code), nowMs);
    const known = this.#codes.get(code);
    if (known?.used) throw new WechatFault(40163);
    if (!known || nowMs - known.bornAtMs >= CODE_LIFE_MS) throw new WechatFault(40029);
    known.used = true;
    return known.openid;
  }
}

const openidForm = /^o[\w-]{27}$/;

/** An openid is an `o` and 27 more letters, digits, `_` or `-`. */
export function isOpenid(value: unknown): value is string {
  return typeof value === 'string' && openidForm.test(value);
}

/** The openid that `seed` stands for: the same one each time, another one for each app. */
export function openidOf(appId: string, seed: string): string {
  return `o${createHash('sha256').update(`${appId}:${seed}`).digest('base64url').slice(0, 27)}`;
}
