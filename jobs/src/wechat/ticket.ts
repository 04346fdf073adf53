import { type Clock, classifyCallFault, type FaultKind, healOnce } from '@zhongkong/shared';
import type { FetchOutcome } from '../keeper/event.js';
import type { TicketType } from '../keeper/state.js';
import type { WechatClient } from './client.js';
import { toFetchOutcome } from './fetch-outcome.js';
import type { CredentialSource } from './source.js';

/** The access token of one app; the engine's `Credential` fits. */
interface AccessToken {
  /** The living token; waits up to this long for one. */
  awaitLive(timeoutMs: number): Promise<{ readonly value: string } | null>;
  /** The passive refresh. */
  report(report: {
    readonly client: string;
    readonly stale: { readonly value: string };
    readonly errcode: number;
  }): Promise<{ readonly record: { readonly value: string } | null }>;
}

export interface TicketSourceDeps {
  readonly client: WechatClient;
  readonly clock: Clock;
  /** The access token of an app, with which its tickets are fetched. */
  readonly token: (appId: string) => AccessToken | undefined;
}

/** How long the fetch of a ticket waits for an access token. */
const ACCESS_TOKEN_PATIENCE_MS = 3_000;

/** The client name of our own reports in the history. */
const CLIENT = 'zhongkong: tickets';

/**
 * Tickets of one type. A ticket lives by its own clock; a new access token makes no new ticket. A dead access token is
 * healed on the way, once.
 * @see https://developers.weixin.qq.com/doc/offiaccount/OA_Web_Apps/JS-SDK.html
 */
export function ticketSource(type: TicketType, { client, clock, token }: TicketSourceDeps): CredentialSource {
  return {
    async fetch({ appId, policy }) {
      const credential = token(appId);
      const record = await credential?.awaitLive(ACCESS_TOKEN_PATIENCE_MS);
      if (!credential || !record) return NO_ACCESS_TOKEN;
      return healOnce<FetchOutcome>(record.value, {
        async send(accessToken) {
          const requestedAtMs = clock.nowMs();
          const query = { access_token: accessToken, type };
          const answer = await client.get('cgi-bin/ticket/getticket', query, policy.upstreamTimeoutMs);
          return toFetchOutcome(answer, { field: 'ticket', requestedAtMs, secrets: [accessToken], classify });
        },
        deadTokenErrcode,
        async report(dead, errcode) {
          const report = { client: CLIENT, stale: { value: dead }, errcode };
          const answer = await credential.report(report).catch(() => undefined);
          return answer?.record?.value === dead ? undefined : answer?.record?.value;
        },
      });
    },
    // WeChat has no way to check a ticket, and nobody can report one.
    check: async () => ({ startedAtMs: clock.nowMs(), verdict: 'unclear' }),
  };
}

const NO_ACCESS_TOKEN: FetchOutcome = {
  failure: { kind: 'transient', errmsg: 'there is no access token to ask with', mayHaveSucceeded: false },
};

function deadTokenErrcode(outcome: FetchOutcome): number | undefined {
  const errcode = 'failure' in outcome ? outcome.failure.errcode : undefined;
  return errcode !== undefined && classifyCallFault(errcode) === 'dead-token' ? errcode : undefined;
}

/** A dead access token is no fault of the ticket: with the next token it can be had. */
function classify(errcode: number): FaultKind {
  const kind = classifyCallFault(errcode);
  return kind === 'dead-token' ? 'transient' : kind;
}
