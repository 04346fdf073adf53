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
  | { readonly type: 'server-back' }
  /** How new tokens are learned of from now on; `poll` while there is no stream, too. */
  | { readonly type: 'updates'; readonly by: 'stream' | 'poll' }
  /** The server does not accept the key: nothing is asked in the background any more, until a call succeeds. */
  | { readonly type: 'updates-stopped'; readonly error: TokenServerError };

/** What it throws is ignored: a host's logging breaks no call. */
export type OnEvent = (event: ClientEvent) => void;

/** A hook that may throw, or reject, without harm. */
export function safely(onEvent: OnEvent | undefined): OnEvent {
  if (onEvent === undefined) return () => {};
  return (event) => {
    try {
      Promise.resolve(onEvent(event)).catch(() => {});
    } catch {
      // The host's own business.
    }
  };
}
