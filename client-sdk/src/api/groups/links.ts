import type { Call } from '../call.js';
import { createGroup } from '../method.js';
import type { CallOptions, WeixinResult } from '../weixin-types.js';

/** Links live 30 days at most. */
interface Expiry {
  /** 0: ends at `expireTime`; 1: after `expireInterval` days. @defaultValue 0 */
  readonly expireType?: 0 | 1 | undefined;
  /** Unix seconds. */
  readonly expireTime?: number | undefined;
  /** Days, 1 to 30. */
  readonly expireInterval?: number | undefined;
}

export interface JumpWxa {
  /** A published page, without parameters. @defaultValue the main page */
  readonly path?: string | undefined;
  /** Parameters of the page: `id=1&from=sms`. At most 1,024 characters. */
  readonly query?: string | undefined;
  /** Which version opens. @defaultValue 'release' */
  readonly envVersion?: 'release' | 'trial' | 'develop' | undefined;
}

export interface GenerateSchemeParams extends CallOptions, Expiry {
  /** What opens. @defaultValue the main page */
  readonly jumpWxa?: JumpWxa | undefined;
  /** Whether it ends before 30 days. @defaultValue false */
  readonly isExpire?: boolean | undefined;
}

export interface GenerateSchemeResult extends WeixinResult {
  /** `weixin://dl/business/?t=…` */
  readonly openlink: string;
}

export interface GenerateUrlLinkParams extends CallOptions, Expiry, JumpWxa {
  /** Whether it ends before 30 days. @defaultValue false */
  readonly isExpire?: boolean | undefined;
  /** For a page of your own in the cloud. */
  readonly cloudBase?:
    | {
        readonly env: string;
        readonly domain?: string | undefined;
        readonly path?: string | undefined;
        readonly query?: string | undefined;
        readonly resourceAppid?: string | undefined;
      }
    | undefined;
}

export interface GenerateUrlLinkResult extends WeixinResult {
  /** `https://wxaurl.cn/…` */
  readonly urlLink: string;
}

/** Links of the form `weixin://`, which open a mini program from outside WeChat. */
export interface Urlscheme {
  /**
   * Makes one.
   * @throws WeixinError 40165 wrong page, 40212 wrong query, 40097 wrong envVersion, 85079 nothing is published, 44990 too many in a second
   * @see https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/qrcode-link/url-scheme/generateScheme.html
   */
  generate(params?: GenerateSchemeParams): Promise<GenerateSchemeResult>;
}

/** Links of the form `https://`, for text messages, mails and web pages. */
export interface Urllink {
  /**
   * Makes one.
   * @throws WeixinError 40165 wrong page, 40212 wrong query, 40097 wrong envVersion, 85079 nothing is published, 44990 too many in a second
   * @see https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/qrcode-link/url-link/generateUrlLink.html
   */
  generate(params?: GenerateUrlLinkParams): Promise<GenerateUrlLinkResult>;
}

const EXPIRY = {
  isExpire: 'boolean?',
  expireType: 'number?',
  expireTime: 'number?',
  expireInterval: 'number?',
} as const;

export function createUrlscheme(call: Call): Urlscheme {
  return createGroup<Urlscheme>(call, 'urlscheme', {
    generate: { path: '/wxa/generatescheme', kinds: { jumpWxa: 'object?', ...EXPIRY } },
  });
}

export function createUrllink(call: Call): Urllink {
  return createGroup<Urllink>(call, 'urllink', {
    generate: {
      path: '/wxa/generate_urllink',
      kinds: { envVersion: 'text?', cloudBase: 'object?', ...EXPIRY },
    },
  });
}
