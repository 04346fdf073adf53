import { PlatformFault } from './platform-fault.js';

/** What an SDK asks for, from the query of `/cgi-bin/token` or the body of `/cgi-bin/stable_token`. */
export interface TokenOrder {
  readonly appId: string;
  /** A client key of ours, where the platform takes the AppSecret. */
  readonly key: string;
  readonly forceRefresh: boolean;
  /** The token that failed, if the SDK says so. */
  readonly failedToken: string | undefined;
}

/** @throws PlatformFault in the platform's order: app id, grant type, secret */
export function readOrder(fields: Readonly<Record<string, unknown>>): TokenOrder {
  const text = (name: string) => {
    const value = fields[name];
    return typeof value === 'string' ? value : '';
  };
  if (text('appid') === '') throw new PlatformFault(41002);
  if (text('grant_type') !== 'client_credential') throw new PlatformFault(40002);
  if (text('secret') === '') throw new PlatformFault(41004);
  const forceRefresh = fields.force_refresh ?? false;
  // A query has no other way to say it than as text.
  if (![true, false, 'true', 'false'].includes(forceRefresh as boolean)) throw new PlatformFault(47001);
  return {
    appId: text('appid'),
    key: text('secret'),
    forceRefresh: String(forceRefresh) === 'true',
    failedToken: text('current_token') || undefined,
  };
}

/** @throws PlatformFault 44002 when there is no text, 47001 when it is no JSON object */
export function parseObject(text: unknown): Readonly<Record<string, unknown>> {
  if (typeof text !== 'string' || text === '') throw new PlatformFault(44002);
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  } catch {
    // Falls through to the one answer for everything that is no JSON object.
  }
  throw new PlatformFault(47001);
}
