import type { z } from 'zod';
import { HttpProblem } from './http-problem.js';

/** Checks what a client sent against its schema. @throws HttpProblem `invalid_request` that names every fault */
export function parseInput<T>(schema: z.ZodType<T>, input: unknown, what: 'body' | 'query' | 'path'): T {
  const parsed = schema.safeParse(input ?? {});
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) =>
    path.length > 0 ? `${path.join('.')}: ${message}` : message,
  );
  throw new HttpProblem('invalid_request', { detail: `The ${what} is not valid: ${faults.join('; ')}.` });
}
