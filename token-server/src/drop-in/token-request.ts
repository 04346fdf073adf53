import type { KeyAsSecret } from './authorize-key.js';
import { faultOfCode } from './drop-in-fault.js';

/** What an SDK asks for, from the query of `/cgi-bin/token` or the body of `/cgi-bin/stable_token`. */
export interface TokenRequest extends KeyAsSecret {
  readonly forceRefresh: boolean;
  /** The token that failed, if the SDK names it. */
  readonly failedToken: string | undefined;
}

/** What an SDK asks for when it logs a user in. */
export interface LoginRequest extends KeyAsSecret {
  /** The parameters that go on to WeChat. */
  readonly query: Readonly<Record<string, string>>;
}

type Fields = Readonly<Record<string, unknown>>;

/** Who asks with a key, from the request itself. */
export type Caller = Omit<KeyAsSecret, 'appId'>;

/** @throws DropInFault in WeChat's order: app id, grant type, secret */
export function readTokenRequest(fields: Fields, caller: Caller): TokenRequest {
  const text = (name: string) => textIn(fields, name);
  if (text('appid') === '') throw faultOfCode(41002);
  if (text('grant_type') !== 'client_credential') throw faultOfCode(40002);
  if (text('secret') === '') throw faultOfCode(41004);
  const forceRefresh = fields.force_refresh ?? false;
  // A query can only hold text.
  if (![true, false, 'true', 'false'].includes(forceRefresh as boolean)) throw faultOfCode(47001);
  return {
    appId: text('appid'),
    ...caller,
    forceRefresh: String(forceRefresh) === 'true',
    failedToken: text('current_token') || undefined,
  };
}

/** @param names of the parameters that go on @throws DropInFault in WeChat's order: app id, secret */
export function readLoginRequest(fields: Fields, caller: Caller, names: readonly string[]): LoginRequest {
  if (textIn(fields, 'appid') === '') throw faultOfCode(41002);
  if (textIn(fields, 'secret') === '') throw faultOfCode(41004);
  return { ...caller, appId: textIn(fields, 'appid'), query: pick(fields, names) };
}

/** The parameters of these names that are there once. */
export function pick(fields: Fields, names: readonly string[]): Record<string, string> {
  const given = names.map((name) => [name, textIn(fields, name)] as const);
  return Object.fromEntries(given.filter(([, value]) => value !== ''));
}

function textIn(fields: Fields, name: string): string {
  const value = fields[name];
  return typeof value === 'string' ? value : '';
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
