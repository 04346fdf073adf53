import { z } from 'zod';

/** The body of `GET /v1/apps/{appId}/access-token`. */
export const accessTokenAnswer = z.object({
  appId: z.string(),
  accessToken: z.string(),
  /** Whole seconds of life left, counted from this answer. */
  expiresIn: z.int().nonnegative(),
  /** The same as an instant, ISO 8601 in UTC; for people and logs, since a client's clock may be wrong. */
  expiresAt: z.iso.datetime(),
  /** Grows with every new token of the app, for ever. */
  version: z.int(),
  /** Ask again in this many seconds. */
  refreshIn: z.int().nonnegative(),
});
export type AccessTokenAnswer = z.infer<typeof accessTokenAnswer>;

/** The body of `POST /v1/apps/{appId}/access-token/refresh`: exactly one way of naming the token that failed. */
export const refreshRequest = z
  .strictObject({
    staleVersion: z.int().nonnegative().optional(),
    staleToken: z.string().min(1).max(2048).optional(),
    /** The errcode that the failed call answered with; kept for the history, no verdict is built on it. */
    errcode: z.int().optional(),
  })
  .refine((body) => (body.staleVersion === undefined) !== (body.staleToken === undefined), {
    message: 'give either staleVersion or staleToken',
  });
export type RefreshRequest = z.infer<typeof refreshRequest>;

/** The body of `PUT /v1/apps/{appId}/access-token`: a token that another system fetched. */
export const pushRequest = z.strictObject({
  accessToken: z
    .string()
    .max(2048)
    .regex(/^[\x21-\x7e]+$/, 'must be printable ASCII without blanks'),
  /** Whole seconds of life that it has left. */
  expiresIn: z
    .int()
    .min(1)
    .max(31 * 86_400),
});
export type PushRequest = z.infer<typeof pushRequest>;

/** Why a report led to no new token. */
export const refreshReason = z.enum(['superseded', 'token_still_valid', 'cooldown']);

export const refreshAnswer = accessTokenAnswer.extend({
  refreshed: z.boolean(),
  reason: refreshReason.optional(),
});
export type RefreshAnswer = z.infer<typeof refreshAnswer>;
