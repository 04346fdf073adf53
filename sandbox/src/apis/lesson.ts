import { z } from 'zod';

/** What a test has taught the sandbox: the answer of an API, known or not. Faults and delays come from `addFault`. */
export const lessonSchema = z.strictObject({
  path: z.string().startsWith('/', 'must begin with /'),
  /** The JSON that is answered. */
  answer: z.record(z.string(), z.unknown()).default({ errcode: 0, errmsg: 'ok' }),
  /** Whether the access token is checked first. */
  needsToken: z.boolean().default(true),
});

export type LessonOptions = z.input<typeof lessonSchema>;
export type Lesson = z.output<typeof lessonSchema>;
