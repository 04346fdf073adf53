import { z } from 'zod';
import type { KeeperState } from '../keeper/state.js';

/** No instant lies beyond this: 2100-01-01. */
const INSTANT_MS_MAX = Date.UTC(2100, 0);
const DAY_MS = 86_400_000;
const LIFE_MS_MAX = 31 * DAY_MS;

const instant = z.number().min(0).max(INSTANT_MS_MAX);
/** Seconds since 1970 or more; grows by one with each token. */
const version = z.int().min(0).max(INSTANT_MS_MAX);
const duration = z.number().min(0).max(LIFE_MS_MAX);
const count = z.int().min(0).max(1_000_000);
const text = z.string().max(2_048);
const verdict = z.enum(['alive', 'dead', 'unclear', 'unreachable']);
const reason = z.enum(['bootstrap', 'scheduled', 'passive', 'manual', 'recovery']);

const record = z
  .object({
    value: text.min(1),
    version,
    obtainedAtMs: instant,
    expiresAtMs: instant,
    lifeMs: z.number().min(0).max(LIFE_MS_MAX),
  })
  .refine(({ obtainedAtMs, expiresAtMs }) => expiresAtMs - obtainedAtMs <= LIFE_MS_MAX, 'lives too long');

const failure = z
  .object({
    kind: z.enum(['transient', 'throttled', 'exhausted', 'misconfigured', 'rejected', 'dead-token']),
    errcode: z.int().optional(),
    errmsg: text,
    count,
    atMs: instant,
    retryAtMs: instant,
  })
  .refine(({ atMs, retryAtMs }) => retryAtMs - atMs <= 2 * DAY_MS, 'waits too long');

/** The shape of a stored state. Whatever does not fit it, or has absurd numbers, counts as lost. */
export const stateSchema: z.ZodType<KeeperState> = z.object({
  revision: z.int().min(0),
  origin: z.object({ upstream: text, credentials: text }).nullable(),
  record: record.nullable(),
  versionFloor: version,
  refreshAtMs: instant.nullable(),
  plannedWith: z.object({ leadMs: duration, jitterMs: duration }).nullable(),
  wakeAtMs: instant.nullable(),
  plannedAtMs: instant.nullable(),
  attempt: z.object({ id: text, reason, force: z.boolean(), startedAtMs: instant }).nullable(),
  doubtSinceMs: instant.nullable(),
  lastCheck: z.object({ version, startedAtMs: instant, verdict }).nullable(),
  hintSpacingMs: z.number().min(1).max(DAY_MS),
  suspectVersion: version.nullable(),
  passiveFullAtMs: instant.nullable(),
  settledAttemptId: text.nullable(),
  earlyDeathsAtMs: z.array(instant).max(100),
  failure: failure.nullable(),
  usage: z.object({
    day: z.string().max(10),
    fetches: count,
    forced: count,
    lastForcedAtMs: instant.nullable(),
    lastFetchAtMs: instant.nullable(),
  }),
}) as z.ZodType<KeeperState>;
