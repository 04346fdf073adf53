import { eventsQuery, parseLastEventId } from '@zhongkong/shared/contract';
import { z } from 'zod';
import { authorizeApp, mayUse } from '../http/authenticate.js';
import { unknownApp } from '../http/unknown-app.js';
import { defineRoute } from './services.js';

export const streamEvents = defineRoute({
  id: 'streamEvents',
  method: 'get',
  path: '/v1/events',
  group: 'Events',
  summary: 'Each new access token, at the moment it is committed',
  description:
    'Server-Sent Events: first the current tokens, then each new one. `event: access-token`, `id: <appId>:<version>`, `data:` the body of a read of the token. A comment line comes at least every 15 seconds.',
  access: 'token:read',
  query: eventsQuery,
  headers: z.object({
    'Last-Event-ID': z
      .string()
      .optional()
      .describe('What the client has: one id, or several with commas between. It is not sent again.'),
  }),
  example: { query: 'apps=wx0123456789abcdef', curl: '-N' },
  answers: [
    {
      status: 200,
      description: 'The stream; it ends when the server stops.',
      type: 'text/event-stream',
      schema: z.string(),
    },
  ],
  problems: ['unknown_app', 'rate_limited'],
  raw({ events, findApp }, { client, query: { apps }, request, response }) {
    for (const appId of apps ?? []) {
      authorizeApp(client, appId);
      if (findApp(appId) !== undefined) continue;
      throw unknownApp(appId);
    }
    events.admit(client.name);
    // Not by `set`, which would add a charset: this type is always UTF-8.
    response.setHeader('content-type', 'text/event-stream');
    // nginx would hold the answer back until it has a whole buffer of it.
    response.set('x-accel-buffering', 'no');
    if (request.method === 'HEAD') {
      response.end();
      return;
    }
    const named = apps && new Set(apps);
    events.open(response, {
      client: client.name,
      wants: (appId) => (named?.has(appId) ?? true) && mayUse(client, appId),
      has: parseLastEventId(request.get('last-event-id') ?? ''),
    });
  },
});
