import type { Clock } from '@zhongkong/shared';
import type { ErrorRequestHandler } from 'express';
import type { Logger } from '../logger.js';
import { problemOf } from './problem-of.js';

/** Answers every error as a problem document. The cause of a 500 goes to the log, not to the caller. */
export function createErrorHandler(log: Logger, clock: Clock): ErrorRequestHandler {
  return (error: unknown, { method }, response, next) => {
    const problem = problemOf(error, clock.nowMs());
    if (problem.code === 'internal') log.error({ err: error, method }, 'a request failed');
    else if (problem.status >= 500) log.debug({ err: error, method }, 'a request was refused');
    if (response.headersSent) {
      next(error);
      return;
    }
    response.set({ 'cache-control': 'no-store', ...problem.headers });
    response.status(problem.status).type('application/problem+json').send(JSON.stringify(problem.body));
  };
}
