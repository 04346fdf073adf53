import type { Credential } from '@zhongkong/jobs';
import { healthAnswer, readinessAnswer } from '@zhongkong/shared/contract';
import { z } from 'zod';
import { defineRoute } from './services.js';

export const getHealth = defineRoute({
  id: 'getHealth',
  method: 'get',
  path: '/healthz',
  group: 'Operation',
  summary: 'Whether the process runs and answers',
  access: 'no key',
  answers: [{ status: 200, description: 'It does.', schema: healthAnswer }],
  handle: () => ({ body: { status: 'ok' } }),
});

export const getReadiness = defineRoute({
  id: 'getReadiness',
  method: 'get',
  path: '/readyz',
  group: 'Operation',
  summary: 'Whether every app has a living token',
  description: 'Redis may be away meanwhile: tokens are given out from memory.',
  access: 'no key',
  answers: [
    { status: 200, description: 'Every app has.', schema: readinessAnswer },
    {
      status: 503,
      description: 'Some app has not, or the server is stopping.',
      schema: readinessAnswer,
      headers: { 'Retry-After': 'Seconds until a later try may go better.' },
    },
  ],
  handle({ engine, redisReachable, stopping }) {
    const reasons = engine.apps.flatMap(({ appId }) => unreadiness(appId, engine.token(appId)));
    const isReady = reasons.length === 0 && !stopping();
    return {
      status: isReady ? 200 : 503,
      headers: isReady ? {} : { 'retry-after': '1' },
      body: {
        status: stopping() ? 'stopping' : isReady ? 'ready' : 'not_ready',
        redis: redisReachable() ? 'reachable' : 'unreachable',
        reasons,
      },
    };
  },
});

export const getMetrics = defineRoute({
  id: 'getMetrics',
  method: 'get',
  path: '/metrics',
  group: 'Operation',
  summary: 'Numbers for Prometheus',
  access: 'any key',
  answers: [
    {
      status: 200,
      description: "Prometheus' text format; every name begins with `zhongkong_`.",
      type: 'text/plain',
      schema: z.string(),
    },
  ],
  handle: async ({ metrics }) => ({
    headers: { 'content-type': metrics.contentType },
    body: await metrics.text(),
  }),
});

function unreadiness(appId: string, token: Credential | undefined): object[] {
  if (token?.live()) return [];
  const { kind, errcode } = token?.state().failure ?? {};
  return [{ appId, code: 'token_unavailable', kind, errcode }];
}
