import type { RequestHandler } from 'express';
import type { Logger } from '../logger.js';
import type { Metrics } from '../metrics/metrics.js';

/** Logs each request at level debug and counts it: never the query or a header, since keys and tokens travel there. */
export function observeRequests(log: Logger, metrics: Pick<Metrics, 'requested'>): RequestHandler {
  return (request, response, next) => {
    const startedAt = performance.now();
    response.once('close', () => {
      const tookMs = performance.now() - startedAt;
      const { method, path } = request;
      const { client, route = 'none' } = response.locals;
      const status = response.statusCode;
      log.debug({ method, path, status, client, tookMs: Math.round(tookMs) }, 'request');
      // The declared path: a path as it was sent could hold anything, and each would be a time series of its own.
      metrics.requested(method, route, status, tookMs / 1000);
    });
    next();
  };
}
