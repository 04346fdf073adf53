import type { TokenServerError } from './errors.js';

/** What a client tells its host; it logs nothing by itself. No event holds a token, a key or a secret. */
export type ClientEvent =
  /** A new token is in memory. */
  | {
      readonly type: 'token';
      readonly version: number;
      readonly fingerprint: string;
      readonly expiresIn: number;
    }
  /** A call found its token dead; the server is being told. */
  | { readonly type: 'reported'; readonly errcode: number; readonly fingerprint: string }
  /** What the report came to: a new token, or the reason why there is none. */
  | { readonly type: 'report-answered'; readonly refreshed: boolean; readonly reason: string | undefined }
  | { readonly type: 'report-failed'; readonly error: TokenServerError }
  /** The server cannot be asked; `tokenLeftSeconds`: how long the token in memory still lives. */
  | { readonly type: 'server-lost'; readonly error: TokenServerError; readonly tokenLeftSeconds: number }
  | { readonly type: 'server-back' };

export type OnEvent = (event: ClientEvent) => void;
