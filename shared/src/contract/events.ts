import { z } from 'zod';
import { says } from './check-texts.js';

/** The query of `GET /v1/events`. */
export const eventsQuery = z.strictObject({
  apps: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,64}(,[A-Za-z0-9_-]{1,64})*$/, says('must be app ids, separated by commas'))
    .transform((text) => text.split(','))
    .optional()
    .describe('App ids, separated by commas; without any, all that the key may see.'),
});

/** One version of an app's access token, as the `id` of its event: `<appId>:<version>`. */
export function eventIdOf(appId: string, version: number): string {
  return `${appId}:${version}`;
}

/**
 * What a client says in `Last-Event-ID` that it has: the newest version by app. One id, as a browser sends it by
 * itself, or several with commas between. What is no id is passed over.
 */
export function parseLastEventId(header: string): Map<string, number> {
  const versions = new Map<string, number>();
  for (const [, appId = '', digits] of header.matchAll(
    /(?:^|,)\s*([A-Za-z0-9_-]{1,64}):(\d{1,15})(?=\s*(?:,|$))/g,
  )) {
    versions.set(appId, Math.max(Number(digits), versions.get(appId) ?? 0));
  }
  return versions;
}
