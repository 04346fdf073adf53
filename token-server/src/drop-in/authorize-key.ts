import type { KeyGuard } from '../clients/key-guard.js';
import type { ClientSettings, Scope } from '../config/config.js';
import { mayUse } from '../http/authenticate.js';
import type { App, FindApp } from '../tokens/find-app.js';
import { faultOfCode } from './drop-in-fault.js';

export interface AuthorizeKeyDeps {
  readonly keyGuard: KeyGuard;
  readonly findApp: FindApp;
}

/** A client key in the place of the AppSecret, and the app that it is to open. */
export interface KeyAsSecret {
  readonly appId: string;
  /** What the key may be: see `keyForms`. */
  readonly keys: readonly string[];
  /** Of the caller. */
  readonly address: string;
  /** Gets the name of the client whose key it is, for the access log. */
  readonly noteClient?: (name: string) => void;
}

/** A caller without a valid key learns nothing about apps. @throws DropInFault, CodedError `too_many_guesses` */
export async function authorizeKey(
  { findApp, keyGuard }: AuthorizeKeyDeps,
  { appId, keys, address, noteClient }: KeyAsSecret,
  scope: Scope,
): Promise<{ app: App; client: ClientSettings }> {
  const client = await keyGuard.find(keys, address);
  if (client === undefined) throw faultOfCode(40125);
  noteClient?.(client.name);
  const app = findApp(appId);
  if (app === undefined || !mayUse(client, appId)) throw faultOfCode(40013);
  if (!client.scopes.includes(scope)) throw faultOfCode(50004);
  return { app, client };
}

/**
 * What the `secret` in a query may be. AppSecrets are hex digits, so some SDKs put the secret into the URL unescaped;
 * then `+` and `%` in a client key mean themselves.
 */
export function keyForms(url: string): string[] {
  const [, raw = ''] = /[?&]secret=([^&#]*)/.exec(url) ?? [];
  return [...new Set([decoded(raw.replaceAll('+', ' ')), decoded(raw), raw])];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
