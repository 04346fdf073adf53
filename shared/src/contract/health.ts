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
  apps: z
    .array(
      z.object({
        appId: z.string(),
        code: z.enum(['token_unavailable', 'unknown_app']),
        kind: z.string().optional(),
        errcode: z.int().optional().describe('What WeChat answered, when it did.'),
      }),
    )
    .describe('The apps without a living token.'),
});
export type ReadinessAnswer = z.infer<typeof readinessAnswer>;

/** The query of `GET /readyz`. */
export const readinessQuery = z.strictObject({
  app: z.string().max(64).optional().describe('Asks for this app alone: ready if it has a living token.'),
});
