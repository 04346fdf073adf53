import { z } from 'zod';

const positive = z.number().positive();
const notNegative = z.number().nonnegative();

/** Lifetimes in seconds. A change applies to what is issued from then on. */
export const lifetimesSchema = z.strictObject({
  /** Life of an access token; the platform's is 7200. */
  tokenSeconds: positive,
  /** How long the replaced token lives on; the platform's is 300. At 0 it dies at once. */
  overlapSeconds: notNegative,
  /**
   * In the last so many seconds of a token's life stable_token issues a new one in normal mode; the platform's are
   * 300. Left out, it is half of `tokenSeconds` for tokens that live no longer than 300 s, so that they settle too.
   */
  stableRenewSeconds: notNegative.optional(),
  /** Life of a jsapi or wx_card ticket; the platform's is 7200. */
  ticketSeconds: positive,
});

const count = z.int().nonnegative();

/** Quotas. Days and months are those of Asia/Shanghai. */
export const limitsSchema = z.strictObject({
  /** Calls of /cgi-bin/token per app and day. */
  tokenPerDay: count,
  /** Calls of /cgi-bin/stable_token per app and day. */
  stablePerDay: count,
  /** Calls of /cgi-bin/stable_token per app and minute. */
  stablePerMinute: count,
  /** Forced refreshes per app and day. */
  forcePerDay: count,
  /** A forced call earlier than this after the last one refreshes nothing. Seconds. */
  forceSpacingSeconds: notNegative,
  /** Calls of clear_quota per app and month. */
  clearQuotaPerMonth: count,
  /** code2Session calls per user and minute. */
  sessionsPerMinute: count,
  /** Customer service messages per app and day. */
  customSendPerDay: count,
  /** Codes that createwxaqrcode and getwxacode may make together in an app's whole life. */
  codesPerLifetime: count,
  /** getwxacode calls per app and day. */
  getCodePerDay: count,
  /** getwxacodeunlimit calls per app and minute. */
  unlimitedCodesPerMinute: count,
  /** Different pages for getwxacodeunlimit with `check_path: false`. */
  uncheckedPages: count,
});

export type Lifetimes = z.infer<typeof lifetimesSchema>;
export type Limits = z.infer<typeof limitsSchema>;

/** @see https://developers.weixin.qq.com/doc/oplatform/developers/dev/AccessToken.html */
export const DEFAULT_LIFETIMES: Readonly<Lifetimes> = {
  tokenSeconds: 7200,
  overlapSeconds: 300,
  ticketSeconds: 7200,
};

/**
 * 2,000 calls of /cgi-bin/token a day is the figure for official accounts; for mini programs none is published.
 * @see https://developers.weixin.qq.com/doc/service/api/base/api_getstableaccesstoken
 */
export const DEFAULT_LIMITS: Readonly<Limits> = {
  tokenPerDay: 2_000,
  stablePerDay: 500_000,
  stablePerMinute: 10_000,
  forcePerDay: 20,
  forceSpacingSeconds: 30,
  clearQuotaPerMonth: 10,
  sessionsPerMinute: 100,
  customSendPerDay: 500_000,
  codesPerLifetime: 100_000,
  getCodePerDay: 10_000,
  unlimitedCodesPerMinute: 5_000,
  uncheckedPages: 60_000,
};

/** The renewal window that is in force, in milliseconds. */
export function stableRenewMs({ tokenSeconds, stableRenewSeconds }: Lifetimes): number {
  return 1000 * (stableRenewSeconds ?? (tokenSeconds > 300 ? 300 : tokenSeconds / 2));
}

/** Copies into `target` what `part` says, and leaves alone what it does not. */
export function assignDefined<Target extends object>(
  target: Target,
  part: { [Key in keyof Target]?: Target[Key] | undefined },
): Target {
  for (const key of Object.keys(part) as (keyof Target)[]) {
    const value = part[key];
    if (value !== undefined) target[key] = value as Target[typeof key];
  }
  return target;
}
