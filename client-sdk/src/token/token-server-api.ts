import { type Got, got, type OptionsOfJSONResponseBody } from 'got';
import { TokenServerError } from '../errors.js';
import type { TokenFacts } from './held-token.js';
import { pause } from './pause.js';
import { pauseBeforeRepeating, TRY_SHARE } from './repeat-rules.js';
import { startStopwatch } from './stopwatch.js';
import { garbage, toTokenServerError } from './token-server-fault.js';
import { DEFAULT_TIMEOUT_MS, type TokenServerOptions } from './token-server-options.js';
import type { UnrefAgents } from './unref-agents.js';

/** A token that was found dead, by its version if that is known. */
export type StaleToken = ({ readonly staleVersion: number } | { readonly staleToken: string }) & {
  readonly errcode: number;
};

/** What a report came to. */
export interface ReportAnswer extends TokenFacts {
  readonly refreshed: boolean;
  readonly reason?: string | undefined;
}

/** The server's two questions about an app's token. Both reject with `TokenServerError` and nothing else. */
export interface TokenServerApi {
  /** @returns undefined when `version` is still the current one */
  read(version: number | undefined): Promise<TokenFacts | undefined>;
  /** The passive refresh; it names the token that is dead, so it may be repeated. */
  refresh(stale: StaleToken): Promise<ReportAnswer>;
}

/** A got instance that speaks to the token server: one try, no redirects. */
export function openTokenServer({ server, apiKey }: TokenServerOptions, agent: UnrefAgents): Got {
  return got.extend({
    prefixUrl: `${server.replace(/\/+$/, '')}/v1`,
    headers: { authorization: `Bearer ${apiKey}` },
    followRedirect: false,
    retry: { limit: 0 },
    agent,
  });
}

/** Repeats what may be repeated inside the time-out, at the pace that the server asks for. */
export function createTokenServerApi(
  client: Got,
  { appId, timeoutMs = DEFAULT_TIMEOUT_MS }: TokenServerOptions,
  closed: AbortSignal,
): TokenServerApi {
  const path = `apps/${encodeURIComponent(appId)}/access-token`;

  async function ask(url: string, request: OptionsOfJSONResponseBody) {
    const asked = startStopwatch();
    for (let tries = 1; ; tries += 1) {
      const leftMs = timeoutMs - asked.steadyMs();
      const tryMs = Math.min(leftMs, timeoutMs * TRY_SHARE);
      try {
        return await askOnce(client, url, request, { tryMs, closed });
      } catch (thrown) {
        const error = toTokenServerError(thrown);
        const failed = { error, tries, leftMs: timeoutMs - asked.steadyMs(), random: Math.random() };
        const pauseMs = pauseBeforeRepeating(failed);
        if (pauseMs === undefined) throw error;
        await pause(pauseMs, closed);
        if (closed.aborted) throw clientClosed();
      }
    }
  }

  return {
    async read(version) {
      const headers = version === undefined ? {} : { 'if-none-match': `"${version}"` };
      const { statusCode, body } = await ask(path, { headers });
      return statusCode === 304 ? undefined : checked(body, isTokenFacts);
    },
    async refresh(stale) {
      const { body } = await ask(`${path}/refresh`, { method: 'POST', json: stale });
      return checked(body, isReportAnswer);
    },
  };
}

/**
 * One try, with a time-out that nothing can lose: a signal of `AbortSignal.timeout` that only `AbortSignal.any` knows may
 * be collected before it fires (Node.js 20).
 */
async function askOnce(
  client: Got,
  url: string,
  request: OptionsOfJSONResponseBody,
  { tryMs, closed }: { tryMs: number; closed: AbortSignal },
) {
  if (closed.aborted) throw clientClosed();
  const over = new AbortController();
  const end = () => over.abort();
  const timer = setTimeout(end, tryMs).unref();
  closed.addEventListener('abort', end);
  try {
    return await client<unknown>(url, { ...request, responseType: 'json', signal: over.signal });
  } catch (error) {
    throw closed.aborted ? clientClosed() : error;
  } finally {
    clearTimeout(timer);
    closed.removeEventListener('abort', end);
  }
}

function clientClosed(): TokenServerError {
  return new TokenServerError({ code: 'client_closed', status: 0, detail: 'this client was closed' });
}

function checked<T>(body: unknown, isValid: (body: unknown) => body is T): T {
  if (isValid(body)) return body;
  throw garbage('its answer is not what a token server answers; check the URL');
}

export function isTokenFacts(body: unknown): body is TokenFacts {
  const { accessToken, expiresIn, version, refreshIn } = (body ?? {}) as Partial<TokenFacts>;
  return (
    typeof accessToken === 'string' &&
    accessToken !== '' &&
    [expiresIn, version, refreshIn].every((value) => Number.isFinite(value) && Number(value) >= 0)
  );
}

function isReportAnswer(body: unknown): body is ReportAnswer {
  return isTokenFacts(body) && typeof (body as Partial<ReportAnswer>).refreshed === 'boolean';
}
