import { z } from 'zod';
import { refreshInSeconds, secondsLeft } from '../token/lifetime.js';
import type { VersionedValue } from './access-token.js';

/** The tickets that pages need: `jsapi` for the JS-SDK, `wx_card` for cards. */
export const ticketType = z.enum(['jsapi', 'wx_card']);

/** The body of `GET /v1/apps/{appId}/tickets/{type}`. */
export const ticketAnswer = z.object({
  appId: z.string(),
  type: ticketType,
  ticket: z.string(),
  expiresIn: z.int().nonnegative().describe('Whole seconds of life left, counted from this answer.'),
  refreshIn: z.int().nonnegative().describe('Ask again in this many seconds.'),
  version: z.int().describe('Grows with every new ticket of the app and type, for ever.'),
});
export type TicketAnswer = z.infer<typeof ticketAnswer>;

/** A ticket as clients get it, with lives counted from now. */
export function toTicketAnswer(
  appId: string,
  type: TicketAnswer['type'],
  record: VersionedValue,
  nowMs: number,
): TicketAnswer {
  return {
    appId,
    type,
    ticket: record.value,
    expiresIn: secondsLeft(record, nowMs),
    refreshIn: refreshInSeconds(record, nowMs),
    version: record.version,
  };
}
