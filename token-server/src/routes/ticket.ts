import { ticketAnswer, ticketType, toTicketAnswer } from '@zhongkong/shared/contract';
import { z } from 'zod';
import { ETAG, ifNoneMatch, notModified } from '../http/etag.js';
import { liveRecordOf } from '../tokens/live-record.js';
import { defineRoute } from './services.js';

/** A first ticket may need a first access token before it; a living ticket in memory is returned at once. */
const TICKET_TIMEOUT_MS = 6_000;

export const getTicket = defineRoute({
  id: 'getTicket',
  method: 'get',
  path: '/v1/apps/{appId}/tickets/{type}',
  group: 'Tickets',
  summary: 'The current ticket for pages',
  description:
    'A ticket has its own expiry and its own schedule; a dead access token is replaced before the ticket is fetched.',
  access: 'token:read',
  params: z.object({ type: ticketType }),
  headers: ifNoneMatch,
  answers: [
    { status: 200, description: 'The ticket.', schema: ticketAnswer, headers: { ETag: ETAG } },
    notModified,
  ],
  problems: ['upstream_rejected', 'upstream_unavailable', 'token_unavailable'],
  async handle({ clock }, { app, params: { type } }) {
    const record = await liveRecordOf(app.tickets[type], TICKET_TIMEOUT_MS);
    const body = toTicketAnswer(app.settings.appId, type, record, clock.nowMs());
    return { body, version: record.version };
  },
});
