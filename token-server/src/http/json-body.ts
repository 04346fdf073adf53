import express, { type RequestHandler } from 'express';
import { HttpProblem } from './http-problem.js';

/** Reads a JSON body into `request.body`. @throws HttpProblem `invalid_request`, `payload_too_large` */
export function jsonBody(limit: string): RequestHandler[] {
  return [requireJsonType, express.json({ limit })];
}

/** Express leaves a body of another type alone, and its fields would then seem to be missing. */
const requireJsonType: RequestHandler = (request, _response, next) => {
  // `false`: there is a body, and it is something else; null: there is none.
  if (request.is('json') !== false) return next();
  const detail = 'The body has to be JSON, and has to say so: Content-Type: application/json';
  throw new HttpProblem('invalid_request', { detail });
};
