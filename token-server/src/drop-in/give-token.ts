import type { Credential, CredentialRecord, Failure, RefreshEngine, ReportAnswer } from '@zhongkong/jobs';
import { type Clock, secondsLeft } from '@zhongkong/shared';
import type { AppConfig, ClientSettings } from '../config/config.js';
import { mayUse } from '../http/authenticate.js';
import type { Handouts } from './handouts.js';
import { PlatformFault } from './platform-fault.js';
import type { TokenOrder } from './token-order.js';

export interface DropInTools {
  readonly engine: RefreshEngine;
  readonly apps: readonly AppConfig[];
  readonly clock: Clock;
  /** Who has this key; undefined when nobody has. */
  readonly findKey: (key: string) => ClientSettings | undefined;
}

/** The platform's answer to an order for a token. */
export interface PlatformToken {
  readonly access_token: string;
  readonly expires_in: number;
}

/** How long a read waits for the first token of an app. */
const PATIENCE_MS = 3_000;
/**
 * The share of a token's life that SDKs are told to keep it. WeChat's overlap is 300 of 7200 seconds; a share below
 * that keeps even an SDK without any feedback from holding a token that was replaced.
 */
const KEEP_SHARE = 1 / 30;

/** @throws PlatformFault */
export async function giveToken(
  tools: DropInTools,
  handouts: Handouts,
  order: TokenOrder,
  address: string,
): Promise<PlatformToken> {
  const { engine, clock } = tools;
  const { app, client } = authorize(tools, order);
  const receiver = `${client.name} ${app.appId} ${address}`;
  const credential = engine.token(app.appId);
  const first = await credential?.awaitLive(PATIENCE_MS);
  if (!credential || !first) throw noToken(credential?.state().failure ?? null);
  const isHint =
    order.forceRefresh ||
    order.failedToken === first.value ||
    (order.failedToken === undefined && handouts.isEarly(receiver, first.version, clock.nowMs()));
  const record = isHint ? await heal(credential, first, client.name) : first;
  const nowMs = clock.nowMs();
  const expiresIn = keepSeconds(record, app.dropInExpiresInSeconds, nowMs);
  handouts.note(receiver, record.version, nowMs + expiresIn * 1000);
  return { access_token: record.value, expires_in: expiresIn };
}

/** A client that gives no valid key learns nothing about apps. @throws PlatformFault */
function authorize(
  { apps, findKey }: DropInTools,
  { appId, key }: TokenOrder,
): { app: AppConfig; client: ClientSettings } {
  const client = findKey(key);
  if (client === undefined) throw new PlatformFault(40125);
  const app = apps.find((one) => one.appId === appId);
  if (app === undefined || !mayUse(client, appId)) throw new PlatformFault(40013);
  if (!client.scopes.includes('token:read')) throw new PlatformFault(50004);
  return { app, client };
}

/** What is left of the token's life; shortened, so that who has no other way to learn of a new one comes back in time. */
export function keepSeconds(record: CredentialRecord, maxSeconds: number, nowMs: number): number {
  const shareSeconds = Math.max(1, Math.floor((record.lifeMs * KEEP_SHARE) / 1000));
  return Math.min(secondsLeft(record, nowMs), maxSeconds, shareSeconds);
}

/** @throws PlatformFault when the token is known to be dead and none is to be had */
async function heal(
  credential: Credential,
  stale: CredentialRecord,
  client: string,
): Promise<CredentialRecord> {
  const hint = { client, stale: { version: stale.version }, isHint: true };
  const result = await credential.report(hint).catch(() => undefined);
  // Who cannot be asked cannot deny it either: the token that is there is the best there is.
  if (result === undefined) return stale;
  const record = credential.live();
  if (record === null) throw noToken(failureOf(result));
  if (result.verdict.is === 'failed') throw noToken(result.verdict.failure);
  if (result.verdict.is === 'over-budget') throw new PlatformFault(45009);
  if (result.verdict.is === 'awaiting-push') throw new PlatformFault(-1);
  return record;
}

function failureOf({ verdict }: ReportAnswer): Failure | null {
  return verdict.is === 'failed' ? verdict.failure : null;
}

/** The platform's own fault where there is one: SDKs know those. */
export function noToken(failure: Failure | null): PlatformFault {
  const { errcode, errmsg } = failure ?? {};
  return errcode === undefined ? new PlatformFault(-1) : new PlatformFault({ errcode, errmsg: bare(errmsg) });
}

/** Without the platform's request id: the answer gets one of ours. */
function bare(errmsg = ''): string {
  return errmsg.replace(/,? rid: [0-9a-f-]+$/, '');
}
