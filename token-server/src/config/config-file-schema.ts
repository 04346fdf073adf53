import { z } from 'zod';
import { LOG_LEVELS } from '../logger.js';

const seconds = z.number().min(0).max(86_400);
const text = z.string().min(1);

/** When and how to refresh, in seconds; each key may be given for all apps and for one app. */
export const policySchema = z.strictObject({
  refreshLead: seconds.optional(),
  refreshJitter: seconds.optional(),
  passiveBurst: z.int().min(1).max(1000).optional(),
  passiveCooldown: seconds.optional(),
  sweep: z.number().min(1).max(3600).optional(),
  upstreamTimeout: z.number().min(0.1).max(60).optional(),
  dailyBudget: z.int().min(1).optional(),
  forceBudget: z.int().min(0).max(20).optional(),
  forceSpacing: seconds.optional(),
  dropInExpiresIn: z.int().min(1).max(7200).optional(),
});
export type PolicyInput = z.infer<typeof policySchema>;

/** An app. Its secret stands here, in a file of its own, or in the environment: exactly one of the three. */
export const appSchema = z.strictObject({
  appId: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be 1 to 64 letters, digits, "-" or "_"'),
  secret: text.optional(),
  secretFile: text.optional(),
  secretEnv: text.optional(),
  mode: z.enum(['stable', 'classic', 'external']).default('stable'),
  name: text.optional(),
  policy: policySchema.optional(),
});
export type AppInput = z.infer<typeof appSchema>;

export const SCOPES = ['token:read', 'token:refresh', 'token:write', 'proxy', 'login', 'admin'] as const;

/** A client. Its key is given in exactly one of the four ways. */
export const clientSchema = z.strictObject({
  name: text,
  key: text.optional(),
  keyFile: text.optional(),
  keyEnv: text.optional(),
  keySha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'must be 64 lower-case hex digits')
    .optional(),
  apps: z.array(text).min(1),
  dropInExpiresIn: policySchema.shape.dropInExpiresIn,
  scopes: z.array(z.enum(SCOPES)).min(1).default(['token:read', 'token:refresh']),
});
export type ClientInput = z.infer<typeof clientSchema>;

const ALERT_TYPES = ['wecom', 'dingtalk', 'feishu', 'webhook'] as const;
const ALERT_KINDS = ['misconfigured', 'conflict', 'budget', 'expiring-key'] as const;
export type AlertKind = (typeof ALERT_KINDS)[number];

/** Where alerts are sent. The URL of a robot is a secret, so it can be given in the same three ways as one. */
export const alertSchema = z.strictObject({
  type: z.enum(ALERT_TYPES),
  url: text.optional(),
  urlFile: text.optional(),
  urlEnv: text.optional(),
  secret: text.optional(),
  secretFile: text.optional(),
  secretEnv: text.optional(),
  language: z.enum(['zh', 'en']).default('zh'),
  only: z.array(z.enum(ALERT_KINDS)).min(1).optional(),
});
export type AlertInput = z.infer<typeof alertSchema>;

/** The file around its parts. Each part is checked by its own schema, so that one bad entry does not hide the others. */
export const configFileSchema = z.strictObject({
  $schema: z.string().optional(),
  apps: z.array(z.unknown()).min(1),
  clients: z.array(z.unknown()).min(1),
  policy: z.unknown().optional(),
  alerts: z.array(z.unknown()).optional(),
  logLevel: z.enum(LOG_LEVELS).optional(),
});
