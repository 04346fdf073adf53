import { z } from 'zod';
import { appConfigSchema } from '../platform/app-config.js';
import { Usage } from '../platform/usage.js';
import type { World } from '../world.js';

const token = z.object({
  appId: z.string(),
  endpoint: z.enum(['token', 'stable_token']),
  accessToken: z.string(),
  issuedAtMs: z.number(),
  expiresAtMs: z.number(),
  renewFromMs: z.number(),
  usableUntilMs: z.number(),
  superseded: z.boolean(),
});
const pool = z.object({ current: token.exactOptional(), previous: token.exactOptional() });
const ticket = z.object({ ticket: z.string(), expiresAtMs: z.number() });

/** What the state file holds. */
export const snapshotSchema = z.object({
  version: z.literal(1),
  clockOffsetMs: z.number(),
  apps: z.array(
    z.object({
      config: appConfigSchema,
      pools: z.object({ token: pool, stable_token: pool }),
      lastForceAtMs: z.number().optional(),
      usage: z.record(z.string(), z.object({ window: z.number(), count: z.number() })),
      tickets: z.object({ jsapi: ticket.exactOptional(), wx_card: ticket.exactOptional() }),
    }),
  ),
});

export type Snapshot = z.infer<typeof snapshotSchema>;

export function takeSnapshot({ platform, clock }: World): Snapshot {
  const apps = [...platform.apps.values()].map(({ config, pools, lastForceAtMs, usage, tickets }) => ({
    config,
    pools,
    lastForceAtMs,
    usage: usage.state,
    tickets,
  }));
  return { version: 1, clockOffsetMs: clock.offsetMs, apps };
}

/** Gives a fresh world what it had. For an app that is already in it, its present settings win over those kept. */
export function restoreSnapshot({ platform, clock }: World, snapshot: Snapshot): void {
  clock.offsetMs = snapshot.clockOffsetMs;
  for (const { config, pools, lastForceAtMs, usage, tickets } of snapshot.apps) {
    const app = platform.apps.get(config.appId) ?? platform.putApp(config);
    Object.assign(app.pools, pools);
    Object.assign(app.tickets, tickets);
    app.usage = new Usage(usage);
    app.lastForceAtMs = lastForceAtMs;
    for (const { current, previous } of Object.values(pools)) {
      if (current) platform.restoreToken(current);
      if (previous) platform.restoreToken(previous);
    }
  }
}
