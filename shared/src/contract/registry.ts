import { z } from 'zod';
import { says } from './check-texts.js';

const name = z.string().trim().min(1).max(100);

/** The body of `PUT /v1/apps/{appId}`, but for the policy, whose keys are those of the configuration file. */
export const appChange = {
  name: name.optional().describe('For people.'),
  secret: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe('The AppSecret. It is tried at WeChat before the last one is dropped, and never comes back.'),
  mode: z.enum(['stable', 'classic', 'external']).optional().describe('How tokens are fetched.'),
  paused: z.boolean().optional().describe('WeChat is asked nothing for the app while it is paused.'),
};

export const appChangeQuery = z.strictObject({
  try: z
    .enum(['true', 'false'])
    .default('true')
    .describe('`false` takes a new secret without trying it at WeChat.'),
});

export const rotateRequest = z.strictObject({
  force: z
    .boolean()
    .default(false)
    .describe(
      'Stable mode only: end a token that is good, by one of the 20 forced refreshes a day. Without it WeChat gives back the token as long as it is good.',
    ),
});

export const clientKey = z.object({
  id: z.string(),
  createdAt: z.iso.datetime().nullable().describe('Null: the key stands in the configuration file.'),
  lastUsedAt: z.iso.datetime().nullable().describe('Written once a minute at most; null: not yet.'),
});

export const registeredClient = z.object({
  id: z.string(),
  name: z.string(),
  apps: z.array(z.string()).describe('App ids, or `*` for all.'),
  scopes: z.array(z.string()),
  source: z.enum(['file', 'api']).describe('Where the client is changed.'),
  dropInExpiresIn: z.int().optional(),
  createdAt: z.iso.datetime().nullable(),
  expiresAt: z.iso.datetime().nullable().describe('Null: never.'),
  lastUsedAt: z.iso.datetime().nullable(),
  keys: z.array(clientKey),
});
export type RegisteredClient = z.infer<typeof registeredClient>;

const SECRET_KEY = 'The client key: 40 characters. It is shown this once.';

export const newClient = registeredClient.extend({ key: z.string().describe(SECRET_KEY) });
export const newKey = z.object({
  id: z.string(),
  createdAt: z.iso.datetime(),
  key: z.string().describe(SECRET_KEY),
});

/** A page of a list; `next` is the `after` of the next page. */
export const page = {
  limit: z.coerce.number().int().min(1).max(1000).default(100).describe('How many at most.'),
  after: z.string().max(200).optional().describe('The `next` of the page before.'),
  q: z.string().trim().max(100).optional().describe('Only those whose id or name holds this text.'),
};
export const pageEnd = z
  .string()
  .nullable()
  .describe('The `after` of the next page; null: this is the last.');

export const clientsQuery = z.strictObject(page);
export const clientList = z.object({ clients: z.array(registeredClient), next: pageEnd });

export const AUDIT_ACTIONS = [
  'app.create',
  'app.change',
  'app.remove',
  'client.create',
  'client.change',
  'client.remove',
  'key.create',
  'key.revoke',
  'token.rotate',
  'reload',
  'master-key.rotate',
] as const;
export type AuditAction = (typeof AUDIT_ACTIONS)[number];

export const auditEntry = z.object({
  id: z.string(),
  at: z.iso.datetime(),
  client: z.string().describe('The name of the client that did it.'),
  clientId: z.string(),
  address: z.string(),
  requestId: z.string().optional(),
  action: z.enum(AUDIT_ACTIONS),
  target: z.string().describe('The app id, or the name of the client; empty where there is none.'),
  before: z.looseObject({}).optional().describe('What was changed; secrets and keys as fingerprints.'),
  after: z.looseObject({}).optional(),
});
export type AuditEntry = z.infer<typeof auditEntry>;

export const auditQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(500).default(100).describe('How many entries.'),
  before: z
    .string()
    .regex(/^\d+-\d+$/, says('must be the id of an entry'))
    .optional()
    .describe('Only entries older than this id.'),
});
export const auditAnswer = z.object({ entries: z.array(auditEntry).describe('The newest first.') });

const changes = z.object({
  added: z.array(z.string()),
  changed: z.array(z.string()),
  removed: z.array(z.string()),
});
export const reloadAnswer = z.object({
  apps: changes.describe('App ids.'),
  clients: changes.describe('Names of clients.'),
  logLevel: z.string().optional().describe('The new level, if it has changed.'),
  restartNeeded: z.array(z.string()).describe('Settings that have changed and count from the next start on.'),
});
export type ReloadAnswer = z.infer<typeof reloadAnswer>;
