import type { WeixinResult } from './weixin-types.js';
import type { UploadFile } from './wire/upload-file.js';

/** One call of WeChat, as the API groups describe it. Names are in camelCase. */
export interface ApiCall {
  /** The method, for errors: `wxacode.get`. */
  readonly api: string;
  /** @defaultValue 'POST' */
  readonly method?: 'GET' | 'POST' | undefined;
  /** With its leading slash; a query in it is kept. */
  readonly path: string;
  /** Undefined values are left out. */
  readonly query?: object | undefined;
  /** A JSON body. */
  readonly json?: unknown;
  /** A multipart body with this file as the part `field`. */
  readonly file?: { readonly field: string; readonly content: UploadFile } | undefined;
  /** Further parts of the multipart body. */
  readonly fields?: Readonly<Record<string, string>> | undefined;
  /** Wins over the instance's token, and is never refreshed. */
  readonly accessToken?: string | undefined;
  /** `false`: the API is called with the secret, or with a token of the user. @defaultValue true */
  readonly needsToken?: boolean | undefined;
  /** Whether it may be sent again when it is not known what became of it. @defaultValue true for GET, false for POST */
  readonly safeToRepeat?: boolean | undefined;
  /** @defaultValue true */
  readonly convertNames?: boolean | undefined;
  /** What the answer must be; without it, either. */
  readonly expects?: 'json' | 'file' | undefined;
}

/**
 * Sends a call and reads its answer.
 * @throws WeixinError, TokenServerError, and TypeError when there is no token or the body cannot be written
 */
export type Call = <Result extends WeixinResult>(call: ApiCall) => Promise<Result>;
