import type { RequestHandler } from 'express';
import type { Logger } from '../logger.js';
import type { Metrics } from '../metrics/metrics.js';

/** Logs each request at level debug, and counts it: never the query or a header, since keys and tokens travel there. */
export function observeRequests(log: Logger, metrics: Metrics): RequestHandler {
  return (request, response, next) => {
    const startedAt = performance.now();
    response.once('close', () => {
      const tookMs = performance.now() - startedAt;
      const { method, path } = request;
      const client = response.locals.client?.name;
      const status = response.statusCode;
      log.debug({ method, path, status, client, tookMs: Math.round(tookMs) }, 'request');
      // The route as it is declared: a path could hold anything, and each would be a time series of its own.
      const route: string = response.locals.isRelayed ? 'relay' : (request.route?.path ?? 'none');
      metrics.requested(method, route, status, tookMs / 1000);
    });
    next();
  };
}
