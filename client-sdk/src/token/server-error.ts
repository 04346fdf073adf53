import type { Problem } from '@zhongkong/shared/contract';
import { TokenServerError } from '../errors.js';
import type { HttpAnswer } from '../http/exchange.js';
import { toNetworkError } from '../http/network-error.js';

/** What a request to the token server threw. */
export function toTokenServerError(error: unknown): TokenServerError {
  if (error instanceof TokenServerError) return error;
  const { code, message } = toNetworkError(error);
  if (code === 'ABORTED') return clientClosed();
  return unreachable(
    code === 'ETIMEDOUT' ? 'it did not answer in time' : `the connection failed: ${message}`,
  );
}

export function unreachable(detail: string): TokenServerError {
  return new TokenServerError(detail, { code: 'server_unreachable' });
}

function clientClosed(): TokenServerError {
  return new TokenServerError('this client was closed', { code: 'client_closed' });
}

/** An answer that no token server gives. */
export function garbage(detail: string, status = 200): TokenServerError {
  return new TokenServerError(detail, { code: 'server_garbage', status });
}

/** The server's refusal in its own words, as far as it has said any; undefined for an answer that is none. */
export function refusalIn({ status, headers, json }: HttpAnswer): TokenServerError | undefined {
  if (status < 300 || status === 304) return undefined;
  const { code, detail, title } = (json ?? {}) as Partial<Problem>;
  const retryAfterSeconds = secondsOf(headers.get('retry-after'));
  return new TokenServerError(String(detail ?? title ?? `it answered HTTP ${status}`), {
    code: typeof code === 'string' ? code : 'server_garbage',
    status,
    ...(retryAfterSeconds > 0 ? { retryAfterSeconds } : {}),
  });
}

const REPEATABLE: ReadonlySet<number> = new Set([0, 429, 500, 502, 503, 504]);

/** Whether asking again may bring another answer. */
export function mayPass({ status, code, retryAfterSeconds }: TokenServerError): boolean {
  if (code === 'client_closed') return false;
  // WeChat refused: asking the server again changes nothing.
  if (code === 'upstream_rejected' && retryAfterSeconds === undefined) return false;
  return REPEATABLE.has(status);
}

/** The server rejects the key: repeating changes nothing until somebody mends it. */
export function isKeyRejected({ status }: TokenServerError): boolean {
  return status === 401 || status === 403;
}

/** This server is away, or a gateway stands in for it: another one of the list may answer. */
export function isAway({ status, code }: TokenServerError): boolean {
  return code === 'server_unreachable' || (code === 'server_garbage' && status >= 500);
}

/** Retry-After is a number of seconds, or, from some proxies, an HTTP date. */
function secondsOf(header: string | null): number {
  if (header === null) return 0;
  const seconds = Number(header);
  return Number.isNaN(seconds) ? (Date.parse(header) - Date.now()) / 1_000 : seconds;
}
