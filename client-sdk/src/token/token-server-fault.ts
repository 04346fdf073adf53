import type { Problem } from '@zhongkong/shared/contract';
import { HTTPError, type Response } from 'got';
import { TokenServerError } from '../errors.js';

/** What a request to the token server threw, in its own words as far as it has said any. */
export function toTokenServerError(error: unknown): TokenServerError {
  if (error instanceof TokenServerError) return error;
  if (error instanceof HTTPError) return refusalOf(error.response);
  const { code = 'UNKNOWN', name } = error as { code?: string; name?: string };
  if (name === 'ParseError') return garbage('its answer is no JSON');
  const detail =
    name === 'AbortError' || name === 'TimeoutError'
      ? 'it did not answer in time'
      : `the connection failed (${code})`;
  return new TokenServerError({ code: 'server_unreachable', status: 0, detail });
}

export function refusalOf({
  statusCode: status,
  headers,
  body,
}: Pick<Response, 'statusCode' | 'headers' | 'body'>): TokenServerError {
  const { code, detail, title } = problemIn(body);
  const retryAfterSeconds = secondsOf(headers['retry-after']);
  return new TokenServerError({
    status,
    code: typeof code === 'string' ? code : 'server_garbage',
    detail: String(detail ?? title ?? `it answered HTTP ${status}`),
    ...(retryAfterSeconds > 0 ? { retryAfterSeconds } : {}),
  });
}

/** A stream's refusal comes as text. */
function problemIn(body: unknown): Partial<Problem> {
  if (typeof body !== 'string') return body ?? {};
  try {
    return JSON.parse(body) ?? {};
  } catch {
    return {};
  }
}

export function garbage(detail: string, status = 200): TokenServerError {
  return new TokenServerError({ code: 'server_garbage', status, detail });
}

/** Retry-After is a number of seconds, or, from some proxies, an HTTP date. */
function secondsOf(header: string | undefined): number {
  if (header === undefined) return 0;
  const seconds = Number(header);
  return Number.isNaN(seconds) ? (Date.parse(header) - Date.now()) / 1_000 : seconds;
}
