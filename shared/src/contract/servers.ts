import { z } from 'zod';

const keyId = z.string().describe('A public fingerprint of a master key: 8 hex digits.');

/** The body of `GET /v1/servers`. */
export const serversAnswer = z.object({
  servers: z
    .array(
      z.object({
        id: z.string(),
        version: z.string(),
        url: z.string().nullable().describe('Where it listens, as it knows itself; null while it starts.'),
        startedAt: z.iso.datetime(),
        seenAt: z.iso.datetime().describe('When it has last shown that it runs; it does so every 5 s.'),
        isThisServer: z.boolean().describe('It is the one that answers this request.'),
        masterKeyIds: z.array(keyId).describe('The master keys that it knows, the newest first.'),
      }),
    )
    .describe('The servers on this Redis that have shown themselves within 30 s, the oldest first.'),
});
export type ServersAnswer = z.infer<typeof serversAnswer>;

/** The body of `POST /v1/master-key/rotate`. */
export const rotationAnswer = z.object({
  resealed: z.int().nonnegative().describe('What was sealed anew.'),
  alreadyNew: z.int().nonnegative().describe('What the new key had sealed before.'),
  unreadable: z.int().nonnegative().describe('What none of the known keys opens; it was left as it is.'),
});
