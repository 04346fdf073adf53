import type { Credential, CredentialRecord } from '@zhongkong/jobs';
import { type Clock, secondsLeft } from '@zhongkong/shared';
import { liveRecordOf, recordAfterReport } from '../tokens/live-record.js';
import { type AuthorizeKeyDeps, authorizeKey } from './authorize-key.js';
import type { LastAnswers } from './last-answers.js';
import type { TokenRequest } from './token-request.js';

export interface GiveTokenDeps extends AuthorizeKeyDeps {
  readonly clock: Clock;
  readonly lastAnswers: LastAnswers;
}

/** WeChat's answer to a request for a token. */
export interface WechatToken {
  readonly access_token: string;
  readonly expires_in: number;
}

const READ_TIMEOUT_MS = 3_000;
/**
 * The share of a token's life that SDKs are told to keep it. WeChat lets a replaced token live on for 300 of 7200
 * seconds; with a share below that even an SDK without any feedback never holds a dead token.
 */
const KEEP_SHARE = 1 / 30;

/** @param address of the caller: clients with one key are told apart by it @throws DropInFault, NoTokenError */
export async function giveToken(
  deps: GiveTokenDeps,
  request: TokenRequest,
  address: string,
): Promise<WechatToken> {
  const { clock, lastAnswers } = deps;
  const { app, client } = authorizeKey(deps, request, 'token:read');
  const caller = `${client.name} ${app.settings.appId} ${address}`;
  const first = await liveRecordOf(app.token, READ_TIMEOUT_MS);
  const isHint =
    request.forceRefresh ||
    request.failedToken === first.value ||
    (request.failedToken === undefined && lastAnswers.isEarly(caller, first.version, clock.nowMs()));
  const record = isHint ? await heal(app.token, first, client.name, clock) : first;
  const nowMs = clock.nowMs();
  const expiresIn = secondsToKeep(record, app.settings.dropInExpiresInSeconds, nowMs);
  lastAnswers.note(caller, record.version, nowMs + expiresIn * 1000);
  return { access_token: record.value, expires_in: expiresIn };
}

/** The rest of the token's life, shortened so that an SDK that has no other way to learn of a new token asks in time. */
function secondsToKeep(record: CredentialRecord, maxSeconds: number, nowMs: number): number {
  const shareSeconds = Math.max(1, Math.floor((record.lifeMs * KEEP_SHARE) / 1000));
  return Math.min(secondsLeft(record, nowMs), maxSeconds, shareSeconds);
}

/** @throws NoTokenError when the token is known to be dead and there is no other */
async function heal(
  token: Credential,
  stale: CredentialRecord,
  client: string,
  clock: Clock,
): Promise<CredentialRecord> {
  const hint = { client, stale: { version: stale.version }, isHint: true };
  const answer = await token.report(hint).catch(() => undefined);
  // If the report fails, or nobody can check, the current token is the best there is.
  if (answer === undefined || answer.verdict.is === 'uncheckable') return stale;
  return recordAfterReport(token, answer, clock.nowMs());
}
