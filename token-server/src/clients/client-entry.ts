import { z } from 'zod';
import type { ClientSettings } from '../config/config.js';
import { clientSchema } from '../config/config-file-schema.js';

const keyEntry = z.object({
  id: z.string(),
  /** Of the key; the key itself is kept nowhere. */
  sha256: z.string(),
  createdAtMs: z.number(),
});

/** A client of the registry as it is stored, sealed. */
export const clientEntry = z.object({
  name: z.string(),
  apps: z.array(z.string()),
  scopes: z.array(clientSchema.shape.scopes.unwrap().element),
  dropInExpiresIn: z.number().optional(),
  createdAtMs: z.number(),
  expiresAtMs: z.number().nullable(),
  keys: z.array(keyEntry),
});
export type ClientEntry = z.infer<typeof clientEntry>;

/** The client as each of its keys shows it. */
export function toClientSettings(id: string, entry: ClientEntry): ClientSettings[] {
  const { name, apps, scopes, dropInExpiresIn, expiresAtMs, keys } = entry;
  return keys.map((key) => ({
    id,
    keyId: key.id,
    keySha256: key.sha256,
    source: 'api',
    name,
    apps,
    scopes,
    ...(expiresAtMs === null ? {} : { expiresAtMs }),
    ...(dropInExpiresIn === undefined ? {} : { dropInExpiresInSeconds: dropInExpiresIn }),
  }));
}
