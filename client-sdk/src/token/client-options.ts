import type { OnEvent } from '../events.js';
import type { Fetch } from '../http/exchange.js';

export interface TokenServerOptions {
  /**
   * Base URL of the token server, with http:// or https://; or a list of servers of one installation, the preferred one
   * first: the next one is used while one does not answer.
   */
  readonly server: string | readonly string[];
  /** A client key of the token server. */
  readonly apiKey: string;
  readonly appId: string;
  /** Longest wait for an answer of the token server in milliseconds, repetitions included. @defaultValue 10000 */
  readonly timeoutMs?: number | undefined;
  /**
   * In place of Node's own: for tests, and for networks of your own. It must honour `signal`, and should not follow
   * redirects (`redirect: 'manual'`).
   */
  readonly fetch?: Fetch | undefined;
}

export interface TokenClientOptions extends TokenServerOptions {
  /**
   * How new tokens arrive. `stream`: the server pushes them over one connection; while there is none, as `poll`.
   * `poll`: asks in the background, as often as the server wishes. `none`: asks only when a token is wanted. None of them
   * keeps the process alive. @defaultValue 'stream'
   */
  readonly updates?: 'stream' | 'poll' | 'none' | undefined;
  /** Receives what happens; the client logs nothing by itself. */
  readonly onEvent?: OnEvent | undefined;
}

export const DEFAULT_TIMEOUT_MS = 10_000;
const UPDATES = ['stream', 'poll', 'none'];

/** @throws TypeError that names the option, never its value */
export function checkClientOptions(options: TokenClientOptions): void {
  const complain = (text: string) => {
    throw new TypeError(`createTokenClient: ${text}`);
  };
  if (typeof options !== 'object' || options === null) complain('give it its options');
  const { server, updates = 'stream', timeoutMs = 1, fetch } = options;
  for (const name of ['apiKey', 'appId'] as const) {
    if (typeof options[name] !== 'string' || options[name] === '') complain(`the option ${name} is missing`);
  }
  if (server === undefined || server.length === 0) complain('the option server is missing');
  if (!isServer(server))
    complain('the option server must begin with http:// or https://, or be a list of such URLs');
  if (!(typeof timeoutMs === 'number' && timeoutMs > 0))
    complain('the option timeoutMs must be a number of milliseconds');
  if (!UPDATES.includes(updates)) complain(`the option updates must be one of ${UPDATES.join(', ')}`);
  if (fetch !== undefined && typeof fetch !== 'function') complain('the option fetch must be a function');
}

/** One URL, or a list of them that is not empty. */
export function isServer(server: unknown): server is TokenServerOptions['server'] {
  if (!Array.isArray(server)) return isHttpUrl(server);
  return server.length > 0 && server.every(isHttpUrl);
}

export function isHttpUrl(text: unknown): boolean {
  return typeof text === 'string' && /^https?:\/\/[^/?#]/.test(text) && URL.canParse(text);
}
