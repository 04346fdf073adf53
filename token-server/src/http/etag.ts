import { z } from 'zod';
import type { AnswerDoc } from './define-route.js';

/** What the reference says of routes whose answers have a version. */
export const ETAG = 'The version, in quotation marks.';
export const ifNoneMatch = z.object({
  'If-None-Match': z.string().optional().describe('The `ETag` of the last answer.'),
});
export const notModified: AnswerDoc = {
  status: 304,
  description: 'The version named in `If-None-Match` is still the current one.',
  headers: { ETag: ETAG },
};

/** The entity tag of a version: the number in quotation marks. */
export function etagOf(version: number): string {
  return `"${version}"`;
}

/**
 * Whether an `If-None-Match` header names this entity tag (RFC 9110, 13.1.2): `*`, or a list in which `W/` makes no
 * difference. Express' own check cannot be used: it never matches for a request with `Cache-Control: no-cache`, which
 * `fetch` adds to every request that has an `If-None-Match`.
 */
export function matchesEtag(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  if (ifNoneMatch.trim() === '*') return true;
  return [...ifNoneMatch.matchAll(/"[^"]*"/g)].some(([named]) => named === etag);
}
