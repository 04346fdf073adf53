import { z } from 'zod';
import { PROBLEM_CODES, type ProblemCodeName } from '../errors/problem-codes.js';

/** An error answer, `application/problem+json` after RFC 9457. */
export const problem = z.object({
  type: z.string(),
  title: z.string().describe('In English, or in Chinese if `Accept-Language` asks for it; so is `detail`.'),
  status: z.int(),
  detail: z.string().optional().describe('What is wrong here, and what to do.'),
  code: z
    .enum(Object.keys(PROBLEM_CODES) as [ProblemCodeName, ...ProblemCodeName[]])
    .describe('The stable word for programs.'),
  errcode: z.int().optional().describe('What WeChat answered, when it is WeChat that refused.'),
  errmsg: z.string().optional(),
});
export type Problem = z.infer<typeof problem>;
