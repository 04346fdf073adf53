import { z } from 'zod';
import type { AppConfig } from '../config/config.js';
import { appSchema, type PolicyInput, policySchema } from '../config/config-file-schema.js';
import { toPolicy } from '../config/to-policy.js';

/** An app of the registry as it is stored, sealed. */
export const appEntry = z.object({
  name: z.string().optional(),
  secret: z.string().nullable(),
  mode: appSchema.shape.mode,
  policy: policySchema,
  paused: z.boolean(),
  createdAtMs: z.number(),
  updatedAtMs: z.number(),
});
export type AppEntry = z.infer<typeof appEntry>;

/** @param forAll the policy of the configuration file, which counts where the app says nothing */
export function toAppConfig(appId: string, entry: AppEntry, forAll: PolicyInput): AppConfig {
  const { name, secret, mode, policy, paused, createdAtMs, updatedAtMs } = entry;
  const dropInExpiresInSeconds = policy.dropInExpiresIn ?? forAll.dropInExpiresIn;
  return {
    appId,
    secret,
    source: 'api',
    policy: { ...toPolicy(mode, forAll, policy), isPaused: paused },
    createdAtMs,
    updatedAtMs,
    ...(name === undefined ? {} : { name }),
    ...(dropInExpiresInSeconds === undefined ? {} : { dropInExpiresInSeconds }),
  };
}
