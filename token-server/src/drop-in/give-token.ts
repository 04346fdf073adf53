import type { Credential, CredentialRecord } from '@zhongkong/jobs';
import { type Clock, secondsLeft } from '@zhongkong/shared';
import { DROP_IN_EXPIRES_IN_SECONDS } from '../config/config.js';
import { liveRecordOf, recordAfterReport } from '../tokens/live-record.js';
import { type AuthorizeKeyDeps, authorizeKey } from './authorize-key.js';
import type { KnownTokens } from './known-tokens.js';
import type { LastAnswers } from './last-answers.js';
import type { TokenRequest } from './token-request.js';

export interface GiveTokenDeps extends AuthorizeKeyDeps {
  readonly clock: Clock;
  readonly lastAnswers: LastAnswers;
  readonly knownTokens: KnownTokens;
}

/** WeChat's answer to a request for a token. */
export interface WechatToken {
  readonly access_token: string;
  readonly expires_in: number;
}

const READ_TIMEOUT_MS = 3_000;
/** A token that was not seen alive for this long is checked before it is given out. */
const SEEN_ALIVE_MAX_AGE_MS = 60_000;
/**
 * How long an answer waits for a check or a refresh. A dead token that is given out at once lets SDKs retry without end;
 * after this time the token in memory is the best there is.
 */
const HOLD_MS = 2_000;
/**
 * The share of a token's life for which SDKs may keep it by default. WeChat lets a replaced token live on for 300 of 7200
 * seconds; with a share below that even an SDK without any feedback never holds a dead token.
 */
const KEEP_SHARE = 1 / 30;

/** The address distinguishes callers with one key. @throws DropInFault, NoTokenError */
export async function giveToken(deps: GiveTokenDeps, request: TokenRequest): Promise<WechatToken> {
  const { clock, lastAnswers, knownTokens } = deps;
  const { app, client } = await authorizeKey(deps, request, 'token:read');
  const { appId } = app.settings;
  const caller = { id: `${client.name} ${appId} ${request.address}`, client: client.name };
  const first = await liveRecordOf(app.token, READ_TIMEOUT_MS);
  const record = await within(HOLD_MS, checkedRecord(deps, app.token, request, caller), first);
  const nowMs = clock.nowMs();
  const configuredSeconds = client.dropInExpiresInSeconds ?? app.settings.dropInExpiresInSeconds;
  const expiresIn = secondsToKeep(record, configuredSeconds, nowMs);
  const keepUntilMs = nowMs + expiresIn * 1000;
  lastAnswers.note(caller.id, { version: record.version, keepUntilMs }, nowMs);
  knownTokens.note(appId, record.value, keepUntilMs);
  return { access_token: record.value, expires_in: expiresIn };
}

/** The token after the check or refresh that is under way, or that the caller's behaviour asks for. @throws NoTokenError */
async function checkedRecord(
  { clock, lastAnswers }: GiveTokenDeps,
  token: Credential,
  request: TokenRequest,
  caller: { readonly id: string; readonly client: string },
): Promise<CredentialRecord> {
  await token.idle();
  const current = await liveRecordOf(token, 0);
  const { failedToken, forceRefresh } = request;
  const isHint =
    forceRefresh ||
    failedToken === current.value ||
    (failedToken === undefined && (await lastAnswers.isEarly(caller.id, current.version, clock.nowMs())));
  const hint = { client: caller.client, stale: { version: current.version }, isHint };
  const checked = isHint ? token.report(hint) : token.ensureSeenAlive(SEEN_ALIVE_MAX_AGE_MS, caller.client);
  const answer = await checked.catch(() => undefined);
  // If the report fails, or nobody can check, the current token is the best there is.
  if (answer === undefined || answer.verdict.is === 'uncheckable') return current;
  return recordAfterReport(token, answer, clock.nowMs());
}

/** What the work brings, or this after so much time. */
function within<T>(timeoutMs: number, work: Promise<T>, otherwise: T): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<T>((resolve) => {
    timer = setTimeout(() => resolve(otherwise), timeoutMs);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

/** At most the rest of the token's life; by default so short that an SDK asks again before a replaced token dies. */
function secondsToKeep(
  record: CredentialRecord,
  configuredSeconds: number | undefined,
  nowMs: number,
): number {
  const leftSeconds = secondsLeft(record, nowMs);
  if (configuredSeconds !== undefined) return Math.min(leftSeconds, configuredSeconds);
  const shareSeconds = Math.max(1, Math.floor((record.lifeMs * KEEP_SHARE) / 1000));
  return Math.min(leftSeconds, DROP_IN_EXPIRES_IN_SECONDS, shareSeconds);
}
