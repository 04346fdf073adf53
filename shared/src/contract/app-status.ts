import { z } from 'zod';

const hint = z.object({ en: z.string(), zh: z.string() });

/** Where an app's access token stands; see the answer of `GET /v1/apps/{appId}`. */
export const phase = z.enum(['missing', 'fresh', 'due', 'dead', 'expired']);

/** What was used of a budget of the day (Asia/Shanghai). */
const budgetUse = z.object({
  budget: z.enum(['fetches', 'forced']),
  used: z.int().nonnegative(),
  limit: z.int().nonnegative(),
  /** The end is near: 80 % or more are used. */
  almostUsedUp: z.boolean(),
});

const lastFault = z.object({
  kind: z.string(),
  errcode: z.int().optional(),
  errmsg: z.string(),
  at: z.iso.datetime(),
  retryAt: z.iso.datetime(),
  failures: z.int(),
  hint: hint.optional(),
});

/** The body of `GET /v1/apps/{appId}`. Never a secret or a token; a token appears as its fingerprint. */
export const appStatus = z.object({
  appId: z.string(),
  name: z.string().optional(),
  mode: z.enum(['stable', 'classic', 'external']),
  phase,
  version: z.int().nullable(),
  /** First 12 hex digits of the token's SHA-256. */
  fingerprint: z.string().nullable(),
  ageSeconds: z.int().nullable(),
  expiresAt: z.iso.datetime().nullable(),
  /** When the server looks at the token next; in the past when it is at it. */
  nextRefreshAt: z.iso.datetime().nullable(),
  budgets: z.array(budgetUse),
  /** The last fetch, if it failed. */
  lastFault: lastFault.nullable(),
  /** The tickets that are in use. */
  tickets: z.array(
    z.object({
      type: z.enum(['jsapi', 'wx_card']),
      phase,
      version: z.int(),
      fingerprint: z.string(),
      expiresAt: z.iso.datetime(),
      nextRefreshAt: z.iso.datetime().nullable(),
      lastFault: lastFault.nullable(),
    }),
  ),
  /** Somebody else seems to fetch tokens of this app: when tokens died early within the last day. */
  conflict: z.object({ times: z.array(z.iso.datetime()), advice: hint }).nullable(),
});
export type AppStatus = z.infer<typeof appStatus>;

export const appStatusList = z.object({ apps: z.array(appStatus) });

/** One entry of `GET /v1/apps/{appId}/history`. */
export const historyEntry = z.object({
  id: z.string(),
  at: z.iso.datetime(),
  what: z.enum(['refresh', 'push', 'report']),
  outcome: z.string(),
  reason: z.enum(['bootstrap', 'scheduled', 'passive', 'manual', 'recovery']).optional(),
  forced: z.boolean().optional(),
  client: z.string().optional(),
  errcode: z.int().optional(),
  errmsg: z.string().optional(),
  fingerprintBefore: z.string().optional(),
  fingerprintAfter: z.string().optional(),
  tookMs: z.int(),
});

export const historyQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(500).default(100),
  /** Entries older than this id. */
  before: z
    .string()
    .regex(/^\d+-\d+$/, 'must be the id of an entry')
    .optional(),
  /** Whose history. */
  kind: z.enum(['access-token', 'jsapi', 'wx_card']).default('access-token'),
});

export const historyAnswer = z.object({ entries: z.array(historyEntry) });
