import { randomUUID } from 'node:crypto';
import type { RequestHandler } from 'express';

const GIVEN = /^[\x21-\x7e]{1,128}$/;

/**
 * Gives each request an id: the caller's own in `X-Request-Id`, if it is printable and at most 128 characters long, else
 * a new one. The answer has it too, and the log lines of the request: `response.locals.requestId`.
 */
export const identifyRequests: RequestHandler = (request, response, next) => {
  const id = requestIdOf(request.get('x-request-id'));
  response.locals.requestId = id;
  response.setHeader('x-request-id', id);
  next();
};

/** @param given the header `X-Request-Id`; Node joins several into one text, though its types allow a list */
export function requestIdOf(given: string | string[] | undefined): string {
  return typeof given === 'string' && GIVEN.test(given) ? given : randomUUID();
}
