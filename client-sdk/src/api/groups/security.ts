import type { Call } from '../call.js';
import { createGroup } from '../method.js';
import type { CallOptions, WeixinResult } from '../weixin-types.js';

interface CheckedBy extends CallOptions {
  /** Who wrote it; has been in the app within two hours. */
  readonly openid: string;
  /** 1 profile, 2 comment, 3 forum, 4 social log. */
  readonly scene: number;
  /** Of WeChat's rules. @defaultValue 2 */
  readonly version?: number | undefined;
}

export interface MsgSecCheckParams extends CheckedBy {
  /** At most 2,500 characters. */
  readonly content: string;
  readonly nickname?: string | undefined;
  readonly title?: string | undefined;
  /** The user's motto; with scene 1 only. */
  readonly signature?: string | undefined;
}

export interface Verdict {
  readonly suggest: 'risky' | 'pass' | 'review';
  /** 100 normal, 10001 advertisement, 20001 politics, 20002 pornography, 20003 insult, 20006 crime, 20008 fraud, 20012 vulgarity, 20013 copyright, 21000 other. */
  readonly label: number;
}

export interface MsgSecCheckResult extends WeixinResult {
  /** The verdict of all strategies together. */
  readonly result: Verdict;
  /** What each strategy found; those with an errCode other than 0 found nothing. */
  readonly detail: readonly (Partial<Verdict> & {
    readonly strategy: string;
    readonly errCode: number;
    /** The word of the app's own list that was hit. */
    readonly keyword?: string;
    /** 0 to 100: how sure it is. */
    readonly prob?: number;
  })[];
  readonly traceId: string;
}

export interface MediaCheckAsyncParams extends CheckedBy {
  readonly mediaUrl: string;
  /** 1 audio, 2 image. */
  readonly mediaType: 1 | 2;
}

export interface MediaCheckAsyncResult extends WeixinResult {
  /** The verdict is pushed to the app's message address within 30 minutes, under this id. */
  readonly traceId: string;
}

/** Is it fit to be shown? */
export interface Security {
  /**
   * Looks at a text.
   * @throws WeixinError 40003 wrong openid, 61010 the user has not been in the app lately, 44002 or 47001 no text
   * @see https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/sec-center/sec-check/msgSecCheck.html
   */
  msgSecCheck(params: MsgSecCheckParams): Promise<MsgSecCheckResult>;
  /**
   * Has an image or a recording looked at.
   * @throws WeixinError 40003 wrong openid, 61010 the user has not been in the app lately, 47001 wrong mediaUrl or mediaType
   * @see https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/sec-center/sec-check/mediaCheckAsync.html
   */
  mediaCheckAsync(params: MediaCheckAsyncParams): Promise<MediaCheckAsyncResult>;
}

const CHECKED_BY = { openid: 'text', scene: 'number', version: 'number?' } as const;
const NEWEST_VERSION = 2;
const withVersion = (_name: string, { version = NEWEST_VERSION }: CheckedBy) => ({ version });

export function createSecurity(call: Call): Security {
  return createGroup<Security>(call, 'security', {
    msgSecCheck: {
      path: '/wxa/msg_sec_check',
      kinds: { content: 'text', nickname: 'text?', title: 'text?', signature: 'text?', ...CHECKED_BY },
      prepare: withVersion,
      safeToRepeat: true,
    },
    mediaCheckAsync: {
      path: '/wxa/media_check_async',
      kinds: { mediaUrl: 'text', mediaType: 'number', ...CHECKED_BY },
      prepare: withVersion,
    },
  });
}
