import { z } from 'zod';
import { type Lifetime, refreshInSeconds, secondsLeft } from '../token/lifetime.js';
import { says } from './check-texts.js';

/** The body of `GET /v1/apps/{appId}/access-token`. */
export const accessTokenAnswer = z.object({
  appId: z.string(),
  accessToken: z.string().describe('The token itself.'),
  expiresIn: z.int().nonnegative().describe('Whole seconds of life left, counted from this answer.'),
  expiresAt: z.iso
    .datetime()
    .describe(
      "The same as an instant, ISO 8601 in UTC; for people and logs, since a client's clock may be wrong.",
    ),
  version: z.int().describe('Grows with every new token of the app, for ever.'),
  refreshIn: z.int().nonnegative().describe('Ask again in this many seconds.'),
});
export type AccessTokenAnswer = z.infer<typeof accessTokenAnswer>;

/** A token or ticket with its version and its life. */
export interface VersionedValue extends Lifetime {
  readonly value: string;
  readonly version: number;
}

/** A token as clients get it. Lives are counted from now, so that a client's wrong clock does no harm. */
export function toAccessTokenAnswer(appId: string, record: VersionedValue, nowMs: number): AccessTokenAnswer {
  return {
    appId,
    accessToken: record.value,
    expiresIn: secondsLeft(record, nowMs),
    expiresAt: new Date(record.expiresAtMs).toISOString(),
    version: record.version,
    refreshIn: refreshInSeconds(record, nowMs),
  };
}

/** The body of `POST /v1/apps/{appId}/access-token/refresh`: exactly one way of naming the token that failed. */
export const refreshRequest = z
  .strictObject({
    staleVersion: z.int().nonnegative().optional().describe('The version of the token that failed.'),
    staleToken: z.string().min(1).max(2048).optional().describe('Or the token that failed itself.'),
    errcode: z
      .int()
      .optional()
      .describe('What the failed call was answered; kept for the history. The token is checked either way.'),
  })
  .refine((body) => (body.staleVersion === undefined) !== (body.staleToken === undefined), {
    message: says('give either staleVersion or staleToken'),
  })
  // The same rule in the words of JSON Schema, which cannot be derived from a function.
  .meta({ oneOf: [{ required: ['staleVersion'] }, { required: ['staleToken'] }] });
export type RefreshRequest = z.infer<typeof refreshRequest>;

/** The body of `PUT /v1/apps/{appId}/access-token`: a token that another system fetched. */
export const pushRequest = z.strictObject({
  accessToken: z
    .string()
    .max(2048)
    .regex(/^[\x21-\x7e]+$/, says('must be printable ASCII without blanks'))
    .describe('The token as WeChat gave it.'),
  expiresIn: z
    .int()
    .min(1)
    .max(31 * 86_400)
    .describe('Whole seconds of life that it has left.'),
});
export type PushRequest = z.infer<typeof pushRequest>;

/** Why a report led to no new token. */
export const refreshReason = z.enum(['superseded', 'token_still_valid', 'cooldown', 'paused']);

export const refreshAnswer = accessTokenAnswer.extend({
  refreshed: z.boolean().describe('Whether a new token was fetched for this report.'),
  reason: refreshReason
    .optional()
    .describe(
      'Why not: the named token was no longer current; it is alive; reports have caused too many fetches just now; or the app is paused.',
    ),
});
export type RefreshAnswer = z.infer<typeof refreshAnswer>;
