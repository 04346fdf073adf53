import type { ClientSettings } from '../config/config.js';
import { mayUse } from '../http/authenticate.js';
import { PlatformFault } from './platform-fault.js';

/** What an SDK asks for, wherever it wrote it. */
export interface TokenRequest {
  readonly appId: string;
  readonly client: ClientSettings;
  /** It says that the token it has is of no use: it asks by force, or names the one it has. */
  readonly forced: boolean;
  readonly currentToken: string | undefined;
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * Checks a request for a token in the platform's order: app id there (41002), grant type (40002), key there (41004) and
 * right (40125), app known (40013). A key that is not known learns nothing about apps.
 * @param find the client of a key
 * @throws PlatformFault
 */
export function readTokenRequest(
  fields: Fields,
  find: (key: string) => ClientSettings | undefined,
  isKnownApp: (appId: string) => boolean,
): TokenRequest {
  const [appId, secret, grantType] = [text(fields.appid), text(fields.secret), text(fields.grant_type)];
  if (appId === '') throw new PlatformFault(41002);
  if (grantType !== 'client_credential') throw new PlatformFault(40002);
  if (secret === '') throw new PlatformFault(41004);
  const client = find(secret);
  if (client === undefined || !mayUse(client, appId)) throw new PlatformFault(40125);
  if (!isKnownApp(appId)) throw new PlatformFault(40013);
  if (!client.scopes.includes('token:read')) throw new PlatformFault(48001);
  const forced = fields.force_refresh ?? false;
  if (![true, false, 'true', 'false'].includes(forced as boolean | string)) throw new PlatformFault(47001);
  return {
    appId,
    client,
    forced: forced === true || forced === 'true',
    currentToken: text(fields.current_token) || undefined,
  };
}

/** The JSON object in a body, whatever its content type says. @throws PlatformFault */
export function jsonFields(body: unknown): Fields {
  if (!Buffer.isBuffer(body) || body.length === 0) throw new PlatformFault(44002);
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch (cause) {
    throw Object.assign(new PlatformFault(47001), { cause });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new PlatformFault(47001);
  return value as Fields;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
