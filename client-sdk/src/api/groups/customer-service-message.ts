import type { Call } from '../call.js';
import { checkArguments, type Kinds } from '../check-arguments.js';
import { createGroup } from '../method.js';
import type { CallOptions, WeixinFile, WeixinResult } from '../weixin-types.js';
import type { UploadFile } from '../wire/upload-file.js';

export interface TempMediaParams extends CallOptions {
  /** From a user's message, or from `uploadTempMedia`. */
  readonly mediaId: string;
}

/** The file; for a video (official accounts) the address at which it lies. */
export type TempMediaResult =
  | (WeixinFile & { readonly videoUrl?: undefined })
  | (WeixinResult & {
      readonly videoUrl: string;
      readonly buffer?: undefined;
      readonly contentType?: undefined;
    });

interface MessageTo extends CallOptions {
  /** The user's openid. */
  readonly touser: string;
  /** Official accounts: who of the staff speaks. */
  readonly customservice?: { readonly kfAccount: string } | undefined;
}

export interface TextMessage {
  /** May hold links, `<a href="…">`, and those of mini programs, `<a data-miniprogram-appid="…">`. */
  readonly content: string;
}

export interface ImageMessage {
  /** From `uploadTempMedia`. */
  readonly mediaId: string;
}

export interface LinkMessage {
  readonly title: string;
  readonly description: string;
  /** Opened when the message is tapped. */
  readonly url: string;
  /** JPG or PNG; best 640 × 320 or 80 × 80. */
  readonly thumbUrl: string;
}

export interface MiniProgramPageMessage {
  readonly title: string;
  /** As in app.json, with parameters: `pages/index/index?foo=bar`. */
  readonly pagepath: string;
  /** The card's cover, from `uploadTempMedia`; best 520 × 416. */
  readonly thumbMediaId: string;
  /** Official accounts: the mini program. */
  readonly appid?: string | undefined;
}

/** `msgtype`, and the object of that name. The other types are those of official accounts, named as on the page. */
export type SendParams = MessageTo &
  (
    | { readonly msgtype: 'text'; readonly text: TextMessage }
    | { readonly msgtype: 'image'; readonly image: ImageMessage }
    | { readonly msgtype: 'link'; readonly link: LinkMessage }
    | { readonly msgtype: 'miniprogrampage'; readonly miniprogrampage: MiniProgramPageMessage }
    | { readonly msgtype: 'voice'; readonly voice: object }
    | { readonly msgtype: 'video'; readonly video: object }
    | { readonly msgtype: 'music'; readonly music: object }
    | { readonly msgtype: 'news'; readonly news: object }
    | { readonly msgtype: 'mpnews'; readonly mpnews: object }
    | { readonly msgtype: 'mpnewsarticle'; readonly mpnewsarticle: object }
    | { readonly msgtype: 'msgmenu'; readonly msgmenu: object }
    | { readonly msgtype: 'wxcard'; readonly wxcard: object }
  );

export interface SetTypingParams extends CallOptions {
  /** The user's openid. */
  readonly touser: string;
  readonly command: 'Typing' | 'CancelTyping';
}

export interface UploadTempMediaParams extends CallOptions {
  /** Mini programs: `image`. Official accounts also `voice`, `video` and `thumb`. */
  readonly type: 'image' | 'voice' | 'video' | 'thumb';
  /** An image of at most 10 MB: PNG, JPEG or GIF. */
  readonly media: UploadFile;
}

export interface UploadTempMediaResult extends WeixinResult {
  readonly type: string;
  /** Good for three days, as often as you like. */
  readonly mediaId: string;
  /** Unix seconds. */
  readonly createdAt: number;
}

/** Messages between a customer service and its users. */
export interface CustomerServiceMessage {
  /**
   * A temporary file: an image, in mini programs.
   * @throws WeixinError 40007 no such media, or older than three days
   * @see https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/kf-mgnt/kf-message/getTempMedia.html
   */
  getTempMedia(params: TempMediaParams): Promise<TempMediaResult>;
  /**
   * Writes to a user: up to five times within 48 hours after their message, up to twice within a minute after they
   * entered the session.
   * @throws WeixinError 40003 wrong openid, 45015 too late, 45047 too many, 48001 the app may not, 45162 not this type
   * @see https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/kf-mgnt/kf-message/sendCustomMessage.html
   */
  send(params: SendParams): Promise<WeixinResult>;
  /**
   * Shows the user that somebody is typing, or no more.
   * @throws WeixinError 45072 wrong command, 45080 no message of theirs within 30 seconds, 45081 it already shows
   * @see https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/kf-mgnt/kf-message/setTyping.html
   */
  setTyping(params: SetTypingParams): Promise<WeixinResult>;
  /**
   * Uploads a file for messages.
   * @throws WeixinError 40004 not this type, 40005 not this kind of file, 45001 too large
   * @see https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/kf-mgnt/kf-message/uploadTempMedia.html
   */
  uploadTempMedia(params: UploadTempMediaParams): Promise<UploadTempMediaResult>;
}

/** What each message must hold; WeChat checks the fields of the other types. */
const CONTENT_KINDS: Readonly<Record<string, Kinds<Record<string, unknown>>>> = {
  text: { content: 'text' },
  image: { mediaId: 'text' },
  link: { title: 'text', description: 'text', url: 'text', thumbUrl: 'text' },
  miniprogrampage: { title: 'text', pagepath: 'text', thumbMediaId: 'text' },
};

export function createCustomerServiceMessage(call: Call): CustomerServiceMessage {
  return createGroup<CustomerServiceMessage>(call, 'customerServiceMessage', {
    getTempMedia: {
      path: '/cgi-bin/media/get',
      verb: 'GET',
      kinds: { mediaId: 'text' },
      expects: 'either',
    },
    send: {
      path: '/cgi-bin/message/custom/send',
      kinds: { touser: 'text', msgtype: 'text' },
      prepare: checkContent,
    },
    setTyping: { path: '/cgi-bin/message/custom/typing', kinds: { touser: 'text', command: 'text' } },
    uploadTempMedia: {
      path: '/cgi-bin/media/upload',
      kinds: { type: 'text', media: 'object' },
      file: 'media',
    },
  });
}

function checkContent(name: string, params: SendParams): object {
  const { msgtype } = params;
  const content = (params as unknown as Record<string, object>)[msgtype] as Record<string, unknown>;
  const kinds = Object.hasOwn(CONTENT_KINDS, msgtype) ? CONTENT_KINDS[msgtype] : undefined;
  checkArguments(`${name}: ${msgtype}`, content, kinds ?? {});
  return {};
}
