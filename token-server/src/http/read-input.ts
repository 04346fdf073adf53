import express, { type Request, type RequestHandler, type Response } from 'express';
import type { z } from 'zod';
import { HttpProblem } from './problem.js';

const BODY_MAX = '16kb';

/** Checks what a client sent against its schema. @throws HttpProblem `invalid_request` that names every fault */
export function parseInput<T>(schema: z.ZodType<T>, input: unknown, place: 'body' | 'query' | 'path'): T {
  const parsed = schema.safeParse(input ?? {});
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) =>
    path.length > 0 ? `${path.join('.')}: ${message}` : message,
  );
  throw new HttpProblem(`The ${place} is not valid: ${faults.join('; ')}.`, { code: 'invalid_request' });
}

const json = express.json({ limit: BODY_MAX });
/** Of any type: some SDKs send JSON as a form or as plain text. */
const text = express.text({ type: () => true, limit: BODY_MAX });

/** Reads a JSON body of at most 16 KiB. @throws what Express throws; HttpProblem `invalid_request` */
export async function readJson(request: Request, response: Response): Promise<unknown> {
  // `false`: there is a body of another type, which Express would leave unread; null: there is no body.
  if (request.is('json') === false) {
    const detail = 'The body must be JSON, and the request must say so: Content-Type: application/json';
    throw new HttpProblem(detail, { code: 'invalid_request' });
  }
  return read(json, request, response);
}

/** Reads a text of at most 16 KiB, whatever its content type. @throws what Express throws */
export function readText(request: Request, response: Response): Promise<unknown> {
  return read(text, request, response);
}

function read(parser: RequestHandler, request: Request, response: Response): Promise<unknown> {
  return new Promise((resolve, reject) => {
    parser(request, response, (error?: unknown) =>
      error === undefined ? resolve(request.body) : reject(error),
    );
  });
}
