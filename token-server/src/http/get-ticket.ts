import type { RefreshEngine, TicketType } from '@zhongkong/jobs';
import { type Clock, refreshInSeconds, secondsLeft } from '@zhongkong/shared';
import { type TicketAnswer, ticketType } from '@zhongkong/shared/contract';
import type { RequestHandler } from 'express';
import { failureProblem } from './failure-problem.js';
import { ticketOf } from './find-credential.js';
import { matchesEtag } from './matches-etag.js';
import { parseInput } from './parse-input.js';

/** A first ticket may need a first access token before it; a living one in memory is waited for by nobody. */
export const TICKET_PATIENCE_MS = 6_000;

/** `GET /v1/apps/{appId}/tickets/{type}` */
export function getTicket(
  engine: RefreshEngine,
  clock: Clock,
): RequestHandler<{ appId: string; type: string }> {
  return async (request, response) => {
    const { appId } = request.params;
    const type: TicketType = parseInput(ticketType, request.params.type, 'path');
    const credential = ticketOf(engine, appId, type);
    const record = await credential.awaitLive(TICKET_PATIENCE_MS);
    const nowMs = clock.nowMs();
    if (record === null) throw failureProblem(credential, nowMs);
    const etag = `"${record.version}"`;
    response.set({ 'cache-control': 'no-store', etag });
    if (matchesEtag(request.get('if-none-match'), etag)) {
      response.status(304).end();
      return;
    }
    response.json({
      appId,
      type,
      ticket: record.value,
      expiresIn: secondsLeft(record, nowMs),
      refreshIn: refreshInSeconds(record, nowMs),
      version: record.version,
    } satisfies TicketAnswer);
  };
}
