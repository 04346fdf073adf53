import { z } from 'zod';

export const appIdSchema = z.string().regex(/^[\w-]{1,64}$/, 'must be 1 to 64 letters, digits, _ or -');

/** One account on the platform, as it is put in at the start or through the control interface. */
export const appConfigSchema = z.strictObject({
  appId: appIdSchema,
  secret: z.string().min(1),
  /** An official account may send more kinds of message; only a mini program makes codes. */
  type: z.enum(['miniprogram', 'official']).default('miniprogram'),
  /** Addresses that may call with the secret; null: all. */
  whitelist: z.array(z.string().min(1)).nullable().default(null),
  /** A frozen secret is answered with 40243. */
  frozen: z.boolean().default(false),
  /** Whether the app is bound to an Open Platform account, and so knows unionids. */
  openPlatform: z.boolean().default(true),
  /** The pages of the published version, for getwxacodeunlimit's check_path; null: every page is there. */
  pages: z.array(z.string()).nullable().default(null),
});

export type AppOptions = z.input<typeof appConfigSchema>;
export type AppConfig = z.output<typeof appConfigSchema>;

/** The account that is there when no other is named. */
export const DEMO_APP: Readonly<{ appId: string; secret: string }> = {
  appId: 'wx0123456789abcdef',
  secret: '0123456789abcdef0123456789abcdef',
};
