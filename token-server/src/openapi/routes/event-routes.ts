import { eventsQuery } from '@zhongkong/shared/contract';
import { z } from 'zod';
import type { RouteDoc } from '../route-doc.js';

export const eventRoutes: readonly RouteDoc[] = [
  {
    id: 'streamEvents',
    methods: ['get'],
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
  },
];
