import type { RequestHandler } from 'express';
import type { Metrics } from '../metrics/metrics.js';
import type { AnsweredRequest } from './access-log.js';
import { callerAddress } from './caller-address.js';

/** Gives each request to the access log when its answer has ended, and counts it. */
export function observeRequests(
  answered: (request: AnsweredRequest) => void,
  metrics: Pick<Metrics, 'requested'>,
): RequestHandler {
  return (request, response, next) => {
    const startedAt = performance.now();
    // Before the connection ends, since it has no address then.
    const address = callerAddress(request);
    response.once('close', () => {
      const tookMs = performance.now() - startedAt;
      const { method, path } = request;
      const { client, route = 'none', requestId, errcode } = response.locals;
      const status = response.statusCode;
      answered({
        method,
        path,
        status,
        ...(errcode !== undefined && { errcode }),
        client,
        address,
        requestId,
        tookMs: Math.round(tookMs),
        ...(!response.writableFinished && { aborted: true }),
      });
      // The declared path: a path as it was sent could hold anything, and each would be a time series of its own.
      metrics.requested(method, route, status, tookMs / 1000);
    });
    next();
  };
}
