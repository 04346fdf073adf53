import type { z } from 'zod';
import { HttpProblem } from './http-problem.js';

/** Checks a JSON body against its schema. @throws HttpProblem `invalid_request` that names every fault */
export function parseBody<T>(schema: z.ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body ?? {});
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) =>
    path.length > 0 ? `${path.join('.')}: ${message}` : message,
  );
  throw new HttpProblem('invalid_request', { detail: `The body is not valid: ${faults.join('; ')}.` });
}
