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

/** An answer of the platform that is a file: an image in most cases. */
export interface WeixinFile extends WeixinResult {
  /** MIME type, as the platform gives it: `image/jpeg`. */
  readonly contentType: string;
  readonly buffer: Buffer;
}

/** A JSON answer in camelCase, or `{ buffer, contentType }` for an image or a file. */
export type WeixinAnswer = WeixinResult & Readonly<Record<string, unknown>>;
