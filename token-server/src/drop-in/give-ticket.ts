import { type RefreshEngine, TICKET_TYPES } from '@zhongkong/jobs';
import { type Clock, secondsLeft } from '@zhongkong/shared';
import { appOfToken } from './app-of-token.js';
import { noToken } from './give-token.js';
import type { KnownTokens } from './known-tokens.js';
import { PlatformFault } from './platform-fault.js';

/** The platform's answer to an order for a ticket. */
export interface PlatformTicket {
  readonly errcode: 0;
  readonly errmsg: 'ok';
  readonly ticket: string;
  readonly expires_in: number;
}

/** A first ticket may need a first access token before it. */
const PATIENCE_MS = 6_000;

/**
 * Who holds a token that we gave out may have the app's tickets, as at the platform.
 * @throws PlatformFault
 */
export async function giveTicket(
  engine: RefreshEngine,
  knownTokens: KnownTokens,
  clock: Clock,
  query: Readonly<Record<string, unknown>>,
): Promise<PlatformTicket> {
  const appId = appOfToken(query.access_token, knownTokens);
  const type = TICKET_TYPES.find((one) => one === query.type);
  if (type === undefined) throw new PlatformFault(40097);
  const credential = engine.ticket(appId, type);
  const record = await credential?.awaitLive(PATIENCE_MS);
  if (!record) throw noToken(credential?.state().failure ?? null);
  const expiresIn = secondsLeft(record, clock.nowMs());
  return { errcode: 0, errmsg: 'ok', ticket: record.value, expires_in: expiresIn };
}
