import type { TokenServerError } from '../errors.js';
import type { HttpAnswer } from '../http/exchange.js';
import type { TokenFacts } from './held-token.js';
import type { TokenServer } from './server.js';
import { garbage, refusalIn } from './server-error.js';

/** A token that was found dead, by its version if that is known. */
type StaleToken = ({ readonly staleVersion: number } | { readonly staleToken: string }) & {
  readonly errcode: number;
};

/** The answer to a report. */
interface ReportAnswer extends TokenFacts {
  readonly refreshed: boolean;
  readonly reason?: string | undefined;
}

/** The two requests about an app's token. Both reject with `TokenServerError` and nothing else. */
export interface TokenApi {
  /** @returns undefined when `version` is still the current one */
  read(version: number | undefined): Promise<TokenFacts | undefined>;
  /** The passive refresh; it names the token that is dead, so it may be repeated. */
  refresh(stale: StaleToken): Promise<ReportAnswer>;
}

export function createTokenApi(server: TokenServer, appId: string): TokenApi {
  const path = `apps/${encodeURIComponent(appId)}/access-token`;
  return {
    async read(version) {
      const headers = version === undefined ? undefined : { 'if-none-match': `"${version}"` };
      const answer = await server.ask({ path, headers });
      return answer.status === 304 ? undefined : bodyOf(answer, isTokenFacts);
    },
    async refresh(stale) {
      return bodyOf(await server.ask({ path: `${path}/refresh`, json: stale }), isReportAnswer);
    },
  };
}

/** @throws TokenServerError when the server refuses, or answers with something else */
export function bodyOf<T>(answer: HttpAnswer, isValid: (body: unknown) => body is T): T {
  const refusal: TokenServerError | undefined = refusalIn(answer);
  if (refusal !== undefined) throw refusal;
  const body: unknown = answer.json;
  if (isValid(body)) return body;
  throw garbage('its answer is not what a token server answers; check the URL', answer.status);
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
