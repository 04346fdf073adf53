import type { Call } from '../call.js';
import { createGroup } from '../method.js';
import type { CallOptions, WeixinFile } from '../weixin-types.js';

export interface CreateQRCodeParams extends CallOptions {
  /** Page that opens, with its parameters; at most 128 bytes. */
  readonly path: string;
  /** Pixels, 280 to 1280. @defaultValue 430 */
  readonly width?: number | undefined;
}

/** Decimal. */
export interface LineColor {
  readonly r: number | string;
  readonly g: number | string;
  readonly b: number | string;
}

interface CodeLook {
  /** Pixels, 280 to 1280. @defaultValue 430 */
  readonly width?: number | undefined;
  /** Lines take the colour that suits. If they stay black, a colour of your own is not advisable. @defaultValue false */
  readonly autoColor?: boolean | undefined;
  /** Used when `autoColor` is false. @defaultValue `{ r: 0, g: 0, b: 0 }` */
  readonly lineColor?: LineColor | undefined;
  /** With a transparent ground. @defaultValue false */
  readonly isHyaline?: boolean | undefined;
  /** Which version opens. @defaultValue 'release' */
  readonly envVersion?: 'release' | 'trial' | 'develop' | undefined;
}

export interface GetCodeParams extends CallOptions, CodeLook {
  /** Page that opens, with its parameters; at most 1024 characters (128 bytes on the older page). */
  readonly path: string;
}

export interface GetUnlimitedParams extends CallOptions, CodeLook {
  /** At most 32 of the characters 0-9 A-Z a-z !#$&'()*+,/:;=?@-._~; encode others yourself, without `%`. */
  readonly scene: string;
  /** A published page, without a slash before it and without parameters. @defaultValue the main page */
  readonly page?: string | undefined;
  /** `false`: the page need not be published; at most 60,000 pages. @defaultValue true */
  readonly checkPath?: boolean | undefined;
}

/** Codes that open a mini program. */
export interface Wxacode {
  /**
   * A square QR code. Lives for ever; together with `get` at most 100,000 in an app's life.
   * @throws WeixinError 40159 path missing or too long, 45029 no more codes
   * @see https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/qrcode-link/qr-code/createQRCode.html
   */
  createQRCode(params: CreateQRCodeParams): Promise<WeixinFile>;
  /**
   * A round code. Lives for ever; together with `createQRCode` at most 100,000 in an app's life, 10,000 a day.
   * @throws WeixinError 40159 path missing or too long, 40097 wrong envVersion, 40189 wrong width, 45029 no more codes,
   * 45009 no more today
   * @see https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/qrcode-link/qr-code/getQRCode.html
   */
  get(params: GetCodeParams): Promise<WeixinFile>;
  /**
   * A round code for one scene, of which there may be any number; at most 5,000 a minute.
   * @throws WeixinError 40169 scene too long, 40129 wrong characters in it, 41030 page not published, 40097 wrong
   * envVersion, 40189 wrong width, 45009 too many in a minute
   * @see https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/qrcode-link/qr-code/getUnlimitedQRCode.html
   */
  getUnlimited(params: GetUnlimitedParams): Promise<WeixinFile>;
}

const LOOK = {
  width: 'number?',
  autoColor: 'boolean?',
  lineColor: 'object?',
  isHyaline: 'boolean?',
  envVersion: 'text?',
} as const;

export function createWxacode(call: Call): Wxacode {
  return createGroup<Wxacode>(call, 'wxacode', {
    createQRCode: {
      path: '/cgi-bin/wxaapp/createwxaqrcode',
      kinds: { path: 'text', width: 'number?' },
      expects: 'file',
    },
    get: { path: '/wxa/getwxacode', kinds: { path: 'text', ...LOOK }, expects: 'file' },
    getUnlimited: {
      path: '/wxa/getwxacodeunlimit',
      kinds: { scene: 'text', page: 'text?', checkPath: 'boolean?', ...LOOK },
      expects: 'file',
      // It makes nothing that is counted.
      safeToRepeat: true,
    },
  });
}
