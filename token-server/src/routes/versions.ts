import { z } from 'zod';
import type { AnswerDoc } from '../http/define-route.js';

export const ETAG = 'The version, in quotation marks.';

/** The header of routes whose answers have a version. */
export const ifNoneMatch = z.object({
  'If-None-Match': z.string().optional().describe('The `ETag` of the last answer.'),
});

export const notModified: AnswerDoc = {
  status: 304,
  description: 'The version named in `If-None-Match` is still the current one.',
  headers: { ETag: ETAG },
};
