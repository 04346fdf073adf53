import { faultOfCode } from './drop-in-fault.js';

/** What an SDK asks for, from the query of `/cgi-bin/token` or the body of `/cgi-bin/stable_token`. */
export interface TokenRequest {
  readonly appId: string;
  /** A client key of this server, in place of the AppSecret. */
  readonly key: string;
  readonly forceRefresh: boolean;
  /** The token that failed, if the SDK names it. */
  readonly failedToken: string | undefined;
}

/** @throws DropInFault in WeChat's order: app id, grant type, secret */
export function readTokenRequest(fields: Readonly<Record<string, unknown>>): TokenRequest {
  const text = (name: string) => {
    const value = fields[name];
    return typeof value === 'string' ? value : '';
  };
  if (text('appid') === '') throw faultOfCode(41002);
  if (text('grant_type') !== 'client_credential') throw faultOfCode(40002);
  if (text('secret') === '') throw faultOfCode(41004);
  const forceRefresh = fields.force_refresh ?? false;
  // A query can only hold text.
  if (![true, false, 'true', 'false'].includes(forceRefresh as boolean)) throw faultOfCode(47001);
  return {
    appId: text('appid'),
    key: text('secret'),
    forceRefresh: String(forceRefresh) === 'true',
    failedToken: text('current_token') || undefined,
  };
}

/** @throws DropInFault 44002 when there is no text, 47001 when it is no JSON object */
export function parseObject(text: unknown): Readonly<Record<string, unknown>> {
  if (typeof text !== 'string' || text === '') throw faultOfCode(44002);
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  } catch {
    // Falls through to the one answer for everything that is no JSON object.
  }
  throw faultOfCode(47001);
}
