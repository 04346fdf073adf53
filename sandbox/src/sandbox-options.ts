import { z } from 'zod';
import { appConfigSchema, DEMO_APP } from './platform/app-config.js';
import { lifetimesSchema, limitsSchema } from './platform/settings.js';
import type { Clock } from './sandbox-clock.js';

const optionsSchema = z.strictObject({
  /** 0: a free one. */
  port: z.int().min(0).max(65_535).default(0),
  host: z.string().min(1).default('127.0.0.1'),
  /** The apps that are there from the start; default: DEMO_APP alone. */
  apps: z.array(appConfigSchema).default([appConfigSchema.parse(DEMO_APP)]),
  /** Default: the system's time. The control interface can set the sandbox ahead of either. */
  clock: z.custom<Clock>().optional(),
  /** What is left out keeps the platform's values. Seconds. */
  lifetimes: lifetimesSchema.partial().default({}),
  limits: limitsSchema.partial().default({}),
  /** Keeps apps, tokens, tickets and quota counts over restarts. Default: none. */
  stateFile: z.string().min(1).optional(),
});

export type SandboxOptions = z.input<typeof optionsSchema>;
export type SandboxSettings = z.output<typeof optionsSchema>;

/** @throws {TypeError} naming each wrong option */
export function parseOptions(options: SandboxOptions): SandboxSettings {
  const parsed = optionsSchema.safeParse(options);
  if (parsed.success) return parsed.data;
  throw new TypeError(`startSandbox: ${z.prettifyError(parsed.error)}`);
}
