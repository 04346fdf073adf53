import type { ErrorRequestHandler } from 'express';
import type { Logger } from '../logger.js';
import { HttpProblem } from './http-problem.js';

/** Turns whatever was thrown into a problem document. The reason of a 500 goes to the log, not to the caller. */
export function createErrorHandler(log: Logger): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    const problem = toProblem(error);
    if (problem.code === 'internal') log.error({ err: error, method: request.method }, 'a request failed');
    else if (problem.status >= 500)
      log.debug({ err: problem, method: request.method }, 'a request was refused');
    if (response.headersSent) {
      next(error);
      return;
    }
    response.set({ 'cache-control': 'no-store', ...problem.headers });
    response.status(problem.status).type('application/problem+json').send(JSON.stringify(problem.body));
  };
}

function toProblem(error: unknown): HttpProblem {
  if (error instanceof HttpProblem) return error;
  const because = { cause: error };
  if (error instanceof URIError) {
    return new HttpProblem('invalid_request', { detail: 'The path is not valid.' }, because);
  }
  // Express' body parser gives its errors the status that they deserve.
  const status = statusOf(error);
  if (status === 413) return new HttpProblem('payload_too_large', {}, because);
  if (status === 400 || status === 415) {
    return new HttpProblem('invalid_request', { detail: 'The body is not a JSON object in UTF-8.' }, because);
  }
  return new HttpProblem('internal', {}, because);
}

function statusOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'status' in error ? error.status : undefined;
}
