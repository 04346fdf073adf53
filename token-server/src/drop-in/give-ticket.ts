import { TICKET_TYPES } from '@zhongkong/jobs';
import { type Clock, secondsLeft } from '@zhongkong/shared';
import type { FindApp } from '../tokens/find-app.js';
import { liveRecordOf } from '../tokens/live-record.js';
import { faultOfCode } from './drop-in-fault.js';
import { appOfToken, type KnownTokens } from './known-tokens.js';

export interface GiveTicketDeps {
  readonly clock: Clock;
  readonly knownTokens: KnownTokens;
  readonly findApp: FindApp;
}

/** WeChat's answer to a request for a ticket. */
export interface WechatTicket {
  readonly errcode: 0;
  readonly errmsg: 'ok';
  readonly ticket: string;
  readonly expires_in: number;
}

/** A first ticket may need a first access token before it. */
const TIMEOUT_MS = 6_000;

/**
 * The holder of a token that this server gave out may have the app's tickets, as at WeChat.
 * @throws DropInFault, NoTokenError
 */
export async function giveTicket(
  { clock, knownTokens, findApp }: GiveTicketDeps,
  query: Readonly<Record<string, unknown>>,
): Promise<WechatTicket> {
  const app = findApp(await appOfToken(query.access_token, knownTokens));
  const type = TICKET_TYPES.find((one) => one === query.type);
  if (type === undefined) throw faultOfCode(40097);
  if (app === undefined) throw faultOfCode(40001);
  const record = await liveRecordOf(app.tickets[type], TIMEOUT_MS);
  const expiresIn = secondsLeft(record, clock.nowMs());
  return { errcode: 0, errmsg: 'ok', ticket: record.value, expires_in: expiresIn };
}
