import type { RefreshEngine } from '@zhongkong/jobs';
import type { RequestHandler } from 'express';

export interface HealthSources {
  readonly engine: RefreshEngine;
  readonly redisReachable: () => boolean;
  /** The server has been told to stop. */
  readonly stopping: () => boolean;
}

/** `GET /healthz`: the process runs and answers. */
export const getHealthz: RequestHandler = (_request, response) => {
  response.set('cache-control', 'no-store').json({ status: 'ok' });
};

/** `GET /readyz`: every app has a living token. Redis may be away meanwhile: tokens are given out from memory. */
export function getReadyz({ engine, redisReachable, stopping }: HealthSources): RequestHandler {
  return (_request, response) => {
    const reasons = engine.apps.flatMap(({ appId }) => unreadiness(engine, appId));
    const ready = reasons.length === 0 && !stopping();
    response.status(ready ? 200 : 503).set('cache-control', 'no-store');
    if (!ready) response.set('retry-after', '1');
    response.json({
      status: stopping() ? 'stopping' : ready ? 'ready' : 'not_ready',
      redis: redisReachable() ? 'reachable' : 'unreachable',
      reasons,
    });
  };
}

function unreadiness(engine: RefreshEngine, appId: string) {
  const token = engine.token(appId);
  if (token?.live()) return [];
  const { kind, errcode } = token?.state().failure ?? {};
  return [{ appId, code: 'token_unavailable', kind, errcode }];
}
