import { z } from 'zod';
import { PROBLEM_CODES, type ProblemCodeName } from '../errors/problem-codes.js';

/** An error answer, `application/problem+json` after RFC 9457. */
export const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string().optional(),
  code: z.enum(Object.keys(PROBLEM_CODES) as [ProblemCodeName, ...ProblemCodeName[]]),
  /** What the platform answered, when it is the platform that refused. */
  errcode: z.int().optional(),
  errmsg: z.string().optional(),
});
export type Problem = z.infer<typeof problem>;
