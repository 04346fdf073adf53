import { type Got, got } from 'got';
import { createTokenServerAsk } from './ask-token-server.js';
import type { TokenFacts } from './held-token.js';
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

export function createTokenServerApi(
  client: Got,
  { appId, timeoutMs = DEFAULT_TIMEOUT_MS }: TokenServerOptions,
  closed: AbortSignal,
): TokenServerApi {
  const path = `apps/${encodeURIComponent(appId)}/access-token`;

  const ask = createTokenServerAsk(client, { timeoutMs, closed });

  return {
    async read(version) {
      const headers = version === undefined ? {} : { 'if-none-match': `"${version}"` };
      const { statusCode, body } = await ask(path, { headers }).catch(throwFault);
      return statusCode === 304 ? undefined : checked(body, isTokenFacts);
    },
    async refresh(stale) {
      const { body } = await ask(`${path}/refresh`, { method: 'POST', json: stale }).catch(throwFault);
      return checked(body, isReportAnswer);
    },
  };
}

function throwFault(error: unknown): never {
  throw toTokenServerError(error);
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
