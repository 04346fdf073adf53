import { z } from 'zod';

const text = z.object({ en: z.string(), zh: z.string() });

/** One thing that was looked at. */
export const doctorFinding = z.object({
  id: z.string().describe('What was looked at, as docs/doctor.md lists it.'),
  level: z
    .enum(['ok', 'warning', 'bad'])
    .describe('`bad`: tokens are missing, or will be; `warning`: it works, and may fail one day.'),
  title: text,
  what: text.describe('What was found.'),
  why: text.describe('Why it matters.'),
  todo: text.nullable().describe('What to do; null: nothing.'),
});
export type DoctorFinding = z.infer<typeof doctorFinding>;

/** The body of `GET /v1/doctor`. */
export const doctorAnswer = z.object({
  version: z.string().describe('Of the server that looked.'),
  checkedAt: z.iso.datetime(),
  findings: z.array(doctorFinding).describe('The worst first.'),
});
export type DoctorAnswer = z.infer<typeof doctorAnswer>;
