import type { TokenServerError } from './errors.js';

/** What a client reports to its host; it logs nothing by itself. No event holds a token, a key or a secret. */
export type ClientEvent =
  /** A new token is in memory. */
  | {
      readonly type: 'token';
      readonly version: number;
      readonly fingerprint: string;
      readonly expiresIn: number;
    }
  /** A call found its token dead; it is being reported. */
  | { readonly type: 'reported'; readonly errcode: number; readonly fingerprint: string }
  /** The answer to a report: whether there is a new token, and the reason if there is none. */
  | { readonly type: 'report-answered'; readonly refreshed: boolean; readonly reason: string | undefined }
  | { readonly type: 'report-failed'; readonly error: TokenServerError }
  /** The server does not answer; `tokenLeftSeconds`: how long the token in memory still lives. */
  | { readonly type: 'server-lost'; readonly error: TokenServerError; readonly tokenLeftSeconds: number }
  | { readonly type: 'server-back' }
  /** How new tokens arrive from now on; `poll` also while there is no stream. */
  | { readonly type: 'updates'; readonly by: 'stream' | 'poll' }
  /** The server rejects the key: nothing is asked in the background any more, until a call succeeds. */
  | { readonly type: 'updates-stopped'; readonly error: TokenServerError };

/** Errors that it throws are ignored: a host's logging breaks no call. */
export type OnEvent = (event: ClientEvent) => void;

/** The same listener, but one that may throw or reject without harm. */
export function toSafeListener(onEvent: OnEvent | undefined): OnEvent {
  if (onEvent === undefined) return () => {};
  return (event) => {
    try {
      Promise.resolve(onEvent(event)).catch(() => {});
    } catch {
      // The host's own business.
    }
  };
}
