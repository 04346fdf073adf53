import type { AccessTokenAnswer, Problem, RefreshAnswer, RefreshRequest } from '@zhongkong/shared/contract';
import { type Got, got, HTTPError, type OptionsOfJSONResponseBody } from 'got';
import { TokenServerError } from '../errors.js';

export interface TokenServerOptions {
  /** Base URL of the token server. */
  readonly server: string;
  /** A client key of it. */
  readonly apiKey: string;
  readonly appId: string;
  /** Longest wait for an answer, repetitions included. @defaultValue 10000 */
  readonly timeoutMs?: number | undefined;
}

/** The server's two questions about an app's token. Both reject with `TokenServerError` and nothing else. */
export interface TokenServerApi {
  /** @returns undefined when `version` is still the current one */
  read(version: number | undefined): Promise<AccessTokenAnswer | undefined>;
  /** The passive refresh. */
  refresh(request: RefreshRequest): Promise<RefreshAnswer>;
}

const DEFAULT_TIMEOUT_MS = 10_000;
const TRIES_MAX = 6;
const BACKOFF_MS_MAX = 2_000;

/** Repeats what may be repeated (no answer, 429, 5xx) inside the time-out, at the pace that the server asks for. */
export function createTokenServerApi(options: TokenServerOptions, closed: AbortSignal): TokenServerApi {
  const { server, apiKey, appId, timeoutMs = DEFAULT_TIMEOUT_MS } = options;
  const client = got.extend({
    prefixUrl: `${server.replace(/\/+$/, '')}/v1/apps/${encodeURIComponent(appId)}`,
    headers: { authorization: `Bearer ${apiKey}` },
    followRedirect: false,
    timeout: { request: timeoutMs },
    retry: {
      limit: TRIES_MAX - 1,
      methods: ['GET', 'POST'],
      statusCodes: [429, 500, 502, 503, 504],
      backoffLimit: BACKOFF_MS_MAX,
      maxRetryAfter: timeoutMs / 2,
      // The first repetition comes soon: a server that is being restarted is back in a moment.
      calculateDelay: ({ computedValue, attemptCount, retryAfter }) =>
        computedValue > 0 && retryAfter === undefined
          ? Math.min(computedValue, 200 * 2 ** attemptCount)
          : computedValue,
    },
  });
  const ask = (path: string, request: OptionsOfJSONResponseBody) =>
    send(client, path, { ...request, signal: AbortSignal.any([closed, AbortSignal.timeout(timeoutMs)]) });
  return {
    async read(version) {
      const headers = version === undefined ? {} : { 'if-none-match': `"${version}"` };
      const { statusCode, body } = await ask('access-token', { headers });
      return statusCode === 304 ? undefined : checked(body, isTokenAnswer);
    },
    async refresh(json) {
      const { body } = await ask('access-token/refresh', { method: 'POST', json });
      return checked(body, isRefreshAnswer);
    },
  };
}

async function send(client: Got, path: string, options: OptionsOfJSONResponseBody) {
  try {
    return await client<unknown>(path, { ...options, responseType: 'json' });
  } catch (error) {
    throw toTokenServerError(error);
  }
}

function toTokenServerError(error: unknown): TokenServerError {
  if (error instanceof HTTPError) {
    const { statusCode: status, headers, body } = error.response;
    const problem = (typeof body === 'object' && body !== null ? body : {}) as Partial<Problem>;
    const retryAfterSeconds = Number(headers['retry-after']);
    return new TokenServerError({
      status,
      code: problem.code ?? 'server_garbage',
      detail: problem.detail ?? problem.title ?? `it answered HTTP ${status}`,
      ...(retryAfterSeconds > 0 ? { retryAfterSeconds } : {}),
    });
  }
  const { code = 'UNKNOWN', name } = error as { code?: string; name?: string };
  if (name === 'ParseError') return garbage('its answer is no JSON');
  const detail =
    name === 'AbortError' || name === 'TimeoutError'
      ? 'it did not answer in time'
      : `the connection failed (${code})`;
  return new TokenServerError({ code: 'server_unreachable', status: 0, detail });
}

function checked<T>(body: unknown, isValid: (body: unknown) => body is T): T {
  if (isValid(body)) return body;
  throw garbage('its answer is not what a token server answers; check the URL');
}

function garbage(detail: string): TokenServerError {
  return new TokenServerError({ code: 'server_garbage', status: 200, detail });
}

function isTokenAnswer(body: unknown): body is AccessTokenAnswer {
  const { accessToken, expiresIn, version, refreshIn } = (body ?? {}) as Partial<AccessTokenAnswer>;
  return typeof accessToken === 'string' && [expiresIn, version, refreshIn].every(Number.isFinite);
}

function isRefreshAnswer(body: unknown): body is RefreshAnswer {
  return isTokenAnswer(body) && typeof (body as Partial<RefreshAnswer>).refreshed === 'boolean';
}
