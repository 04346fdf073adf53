import { z } from 'zod';
import { says } from './check-texts.js';
import { page, pageEnd } from './registry.js';

const hint = z.object({ en: z.string(), zh: z.string() });

export const phase = z
  .enum(['missing', 'fresh', 'due', 'dead', 'expired'])
  .describe('Where the access token stands.');

const budgetUse = z.object({
  budget: z.enum(['fetches', 'forced']),
  used: z.int().nonnegative(),
  limit: z.int().nonnegative(),
  almostUsedUp: z.boolean().describe('80 % or more are used.'),
});

const lastFault = z.object({
  kind: z.string(),
  errcode: z.int().optional(),
  errmsg: z.string(),
  at: z.iso.datetime(),
  retryAt: z.iso.datetime(),
  failures: z.int().describe('Failures in a row.'),
  hint: hint.optional().describe('What an operator can do.'),
});

/** The body of `GET /v1/apps/{appId}`. Never a secret or a token; a token appears as its fingerprint. */
export const appStatus = z.object({
  appId: z.string(),
  name: z.string().optional(),
  source: z
    .enum(['file', 'api'])
    .describe('Where the app is changed: in the configuration file, or by this API.'),
  mode: z.enum(['stable', 'classic', 'external']),
  paused: z.boolean(),
  secretFingerprint: z
    .string()
    .nullable()
    .describe("First 12 hex digits of the AppSecret's SHA-256; null: no secret is configured."),
  policy: z.record(z.string(), z.number()).describe('What counts for the app, in seconds and counts.'),
  createdAt: z.iso.datetime().nullable().describe('Null for an app of the configuration file.'),
  updatedAt: z.iso.datetime().nullable(),
  phase,
  version: z.int().nullable().describe('The version of the token; null when there never was one.'),
  fingerprint: z.string().nullable().describe("First 12 hex digits of the token's SHA-256."),
  ageSeconds: z.int().nullable(),
  expiresAt: z.iso.datetime().nullable(),
  nextRefreshAt: z.iso
    .datetime()
    .nullable()
    .describe('When the server checks next whether to refresh; in the past while it refreshes.'),
  budgets: z.array(budgetUse).describe('What was used of each budget of the day (Asia/Shanghai).'),
  lastFault: lastFault.nullable().describe('The last fetch, if it failed.'),
  tickets: z
    .array(
      z.object({
        type: z.enum(['jsapi', 'wx_card']),
        phase,
        version: z.int(),
        fingerprint: z.string(),
        expiresAt: z.iso.datetime(),
        nextRefreshAt: z.iso.datetime().nullable(),
        lastFault: lastFault.nullable(),
      }),
    )
    .describe('The tickets that are in use.'),
  conflict: z
    .object({ times: z.array(z.iso.datetime()), advice: hint })
    .nullable()
    .describe('Somebody else seems to fetch tokens of this app: when tokens died early within the last day.'),
});
export type AppStatus = z.infer<typeof appStatus>;

export const appsQuery = z.strictObject({ ...page, phase: phase.optional() });
export const appStatusList = z.object({ apps: z.array(appStatus), next: pageEnd });

/** What is left after a rotation. */
export const budgetUses = z.array(budgetUse);

/** One entry of `GET /v1/apps/{appId}/history`. */
export const historyEntry = z.object({
  id: z.string(),
  at: z.iso.datetime(),
  what: z.enum(['refresh', 'push', 'report']),
  outcome: z.string(),
  reason: z.enum(['bootstrap', 'scheduled', 'passive', 'manual', 'recovery']).optional(),
  forced: z.boolean().optional(),
  client: z.string().optional().describe('Whose report or push it was.'),
  errcode: z.int().optional(),
  errmsg: z.string().optional(),
  fingerprintBefore: z.string().optional(),
  fingerprintAfter: z.string().optional(),
  tookMs: z.int(),
});

export const historyQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(500).default(100).describe('How many entries.'),
  before: z
    .string()
    .regex(/^\d+-\d+$/, says('must be the id of an entry'))
    .optional()
    .describe('Only entries older than this id.'),
  kind: z.enum(['access-token', 'jsapi', 'wx_card']).default('access-token').describe('Whose history.'),
});

export const historyAnswer = z.object({
  entries: z.array(historyEntry).describe('Every fetch, push and report, the newest first.'),
});
