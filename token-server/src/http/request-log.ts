import type { RequestHandler } from 'express';
import type { Logger } from '../logger.js';

/** One line a request, at level debug: never the query or a header, since keys and tokens travel there. */
export function logRequests(log: Logger): RequestHandler {
  return (request, response, next) => {
    const startedAt = performance.now();
    response.once('close', () => {
      const tookMs = Math.round(performance.now() - startedAt);
      const { method, path } = request;
      const client = response.locals.client?.name;
      log.debug({ method, path, status: response.statusCode, client, tookMs }, 'request');
    });
    next();
  };
}
