import { z } from 'zod';

/** The body of `GET /healthz`. */
export const healthAnswer = z.object({ status: z.literal('ok') });

/** The body of `GET /readyz`. */
export const readinessAnswer = z.object({
  status: z.enum(['ready', 'not_ready', 'stopping']),
  redis: z
    .enum(['reachable', 'unreachable', 'refusing'])
    .describe(
      '`refusing`: Redis answers, but cannot be written to, or does not grant what the server needs.',
    ),
  reasons: z
    .array(
      z.object({
        appId: z.string(),
        code: z.literal('token_unavailable'),
        kind: z.string().optional(),
        errcode: z.int().optional().describe('What WeChat answered, when it did.'),
      }),
    )
    .describe('The apps without a living token.'),
});
