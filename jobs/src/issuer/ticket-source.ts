import { type Clock, classifyCallFault, type FaultKind } from '@zhongkong/shared';
import type { TicketType } from '../core/credential.js';
import type { Origin } from '../core/keeper-state.js';
import type { CredentialSource, IssueOutcome } from './credential-source.js';
import { readGrant } from './read-grant.js';
import type { Upstream } from './upstream.js';

/** The access token that a ticket is fetched with. */
export interface AccessTokens {
  /** The living one, if there is any within a short time. */
  current(): Promise<string | null>;
  /** Reports one as dead. Resolves to the one to use now, if there is any. */
  replace(dead: string): Promise<string | null>;
}

/**
 * A ticket of an app. It lives by its own clock; a new access token makes no new ticket. When it turns out that the
 * access token is dead, that is healed on the way, once.
 * @see https://developers.weixin.qq.com/doc/offiaccount/OA_Web_Apps/JS-SDK.html
 */
export function ticketSource(
  upstream: Upstream,
  type: TicketType,
  timeoutMs: number,
  accessTokens: AccessTokens,
  origin: Origin,
  clock: Clock,
): CredentialSource {
  async function ask(accessToken: string): Promise<IssueOutcome> {
    const requestedAtMs = clock.nowMs();
    const query = { access_token: accessToken, type };
    const answer = await upstream.get('cgi-bin/ticket/getticket', query, timeoutMs);
    return readGrant(answer, { field: 'ticket', requestedAtMs, secrets: [accessToken], classify });
  }
  return {
    origin,
    async issue() {
      const accessToken = await accessTokens.current();
      if (accessToken === null) return NO_ACCESS_TOKEN;
      const outcome = await ask(accessToken);
      if (!('failure' in outcome) || !isDeadToken(outcome.failure.errcode)) return outcome;
      const healed = await accessTokens.replace(accessToken).catch(() => null);
      return healed === null || healed === accessToken ? outcome : ask(healed);
    },
    // The platform offers no way to check a ticket, and nobody can report one.
    verify: async () => ({ startedAtMs: clock.nowMs(), verdict: 'unclear' }),
  };
}

const NO_ACCESS_TOKEN: IssueOutcome = {
  failure: { kind: 'transient', errmsg: 'there is no access token to ask with', mayHaveIssued: false },
};

function isDeadToken(errcode: number | undefined): boolean {
  return errcode !== undefined && classifyCallFault(errcode) === 'dead-token';
}

/** A dead access token is no fault of the ticket's: with the next token it can be had. */
function classify(errcode: number): FaultKind {
  const kind = classifyCallFault(errcode);
  return kind === 'dead-token' ? 'transient' : kind;
}
