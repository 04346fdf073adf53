import type { OnEvent } from '../events.js';
import type { TokenClientOptions } from '../token/token-client.js';

export interface WeixinOptions {
  readonly appId: string;
  /** Where the access token comes from. */
  readonly tokenServer: { readonly url: string; readonly apiKey: string };
  /** @defaultValue 'https://api.weixin.qq.com' */
  readonly baseUrl?: string;
  /** Longest wait for one answer of the platform. @defaultValue 10000 */
  readonly timeoutMs?: number;
  /** `false`: a fault is returned as `{ errCode, errMsg }` in place of being thrown. @defaultValue true */
  readonly throwOnError?: boolean;
  readonly updates?: TokenClientOptions['updates'];
  readonly onEvent?: OnEvent;
}

/** On every result; `errCode` is 0 on success. */
export interface WeixinResult {
  readonly errCode: number;
  readonly errMsg: string;
}

export interface WeixinRequest {
  /** @defaultValue 'GET' */
  readonly method?: 'GET' | 'POST';
  /** With its leading slash: `/wxa/msg_sec_check`. */
  readonly path: string;
  /** Names in camelCase. */
  readonly query?: Readonly<Record<string, string | number | boolean>>;
  /** The body; names in camelCase at every depth. */
  readonly json?: unknown;
  /** Wins over all else, and is never refreshed. */
  readonly accessToken?: string;
}

/** A JSON answer in camelCase, or `{ buffer, contentType }` for an image or a file. */
export type WeixinAnswer = WeixinResult & Readonly<Record<string, unknown>>;

export interface Weixin {
  readonly auth: {
    /** The access token in use, with the whole seconds that it still lives. */
    getAccessToken(): Promise<WeixinResult & { readonly accessToken: string; readonly expiresIn: number }>;
  };
  /**
   * Any API of the platform.
   * @throws WeixinError when the platform answers with a fault, TokenServerError when there is no token
   */
  request(request: WeixinRequest): Promise<WeixinAnswer>;
  /** Stops what runs in the background. */
  close(): Promise<void>;
}
