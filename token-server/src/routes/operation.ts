import type { Credential } from '@zhongkong/jobs';
import {
  healthAnswer,
  type ReadinessAnswer,
  readinessAnswer,
  readinessQuery,
} from '@zhongkong/shared/contract';
import { z } from 'zod';
import type { RedisStatus } from '../redis/watch-redis.js';
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
  summary: 'Whether this server can serve',
  description:
    'Ready: the server is not stopping, and at least one app has a living token (Redis may be away meanwhile: tokens are given out from memory). Apps without one are listed, and make no difference while another has one; ask with `?app=` for one app.',
  access: 'no key',
  query: readinessQuery,
  answers: [
    { status: 200, description: 'It can.', schema: readinessAnswer },
    {
      status: 503,
      description: 'It is stopping, or no app (with `?app=`: not this app) has a living token.',
      schema: readinessAnswer,
      headers: { 'Retry-After': 'Seconds until a later try may go better.' },
    },
  ],
  handle({ engine, redisStatus, stopping }, { query: { app } }) {
    const asked = app === undefined ? engine.apps.map(({ appId }) => appId) : [app];
    const body = readinessOf({
      apps: asked.map((appId) => ({ appId, token: engine.token(appId) })),
      redis: redisStatus(),
      isStopping: stopping(),
    });
    const isReady = body.status === 'ready';
    return { status: isReady ? 200 : 503, headers: isReady ? {} : { 'retry-after': '1' }, body };
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

export interface ReadinessFacts {
  readonly apps: readonly {
    readonly appId: string;
    /** Undefined: there is no such app. */
    readonly token: Pick<Credential, 'live' | 'state'> | undefined;
  }[];
  readonly redis: RedisStatus;
  readonly isStopping: boolean;
}

/** Whether a load balancer should send requests here: one app that is in trouble must not take the others with it. */
export function readinessOf({ apps, redis, isStopping }: ReadinessFacts): ReadinessAnswer {
  const lacking = apps.flatMap(({ appId, token }): ReadinessAnswer['apps'] => {
    if (token === undefined) return [{ appId, code: 'unknown_app' }];
    if (token.live() !== null) return [];
    const { kind, errcode } = token.state().failure ?? {};
    return [{ appId, code: 'token_unavailable', ...(kind && { kind }), ...(errcode && { errcode }) }];
  });
  const canServe = apps.length === 0 ? redis === 'reachable' : lacking.length < apps.length;
  return {
    status: isStopping ? 'stopping' : canServe ? 'ready' : 'not_ready',
    redis,
    apps: lacking,
  };
}
