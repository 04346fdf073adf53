/** On every result; `errCode` is 0 on success. */
export interface WeixinResult {
  readonly errCode: number;
  readonly errMsg: string;
}

/** What every method takes besides its own parameters. */
export interface CallOptions {
  /** An access token for this call alone. It wins over all else, and is never refreshed. */
  readonly accessToken?: string | undefined;
}

/** An answer of WeChat that is a file: an image in most cases. */
export interface WeixinFile extends WeixinResult {
  /** MIME type, as WeChat gives it: `image/jpeg`. */
  readonly contentType: string;
  readonly buffer: Buffer;
  /** As WeChat names it; most images come without a name. */
  readonly fileName?: string;
}

/** A JSON answer in camelCase, or `{ buffer, contentType }` for an image or a file. */
export type WeixinAnswer = WeixinResult & Readonly<Record<string, unknown>>;
