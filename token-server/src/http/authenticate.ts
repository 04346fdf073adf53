import { sha256Hex } from '@zhongkong/shared';
import type { Response } from 'express';
import type { ClientSettings, Scope } from '../config/config.js';
import { HttpProblem } from './http-problem.js';

/** Finds out who calls. */
export type Authenticate = (authorization: string | undefined) => ClientSettings;

/** Finds out whose key this is. Keys are looked up by their hash, so the time it takes tells nothing about a key. */
export function createFindKey(
  clients: readonly ClientSettings[],
): (key: string) => ClientSettings | undefined {
  const byHash = new Map(clients.map((client) => [client.keySha256, client]));
  return (key) => byHash.get(sha256Hex(key));
}

export function createAuthenticate(findKey: ReturnType<typeof createFindKey>): Authenticate {
  return (authorization) => {
    const key = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
    const client = key === undefined ? undefined : findKey(key);
    if (client !== undefined) return client;
    const detail =
      key === undefined
        ? 'Send a client key of this server: Authorization: Bearer <client key>'
        : 'This client key is not known here. Check it, and that it belongs to this server.';
    throw new HttpProblem('unauthorized', {
      detail,
      headers: { 'www-authenticate': 'Bearer realm="zhongkong"' },
    });
  };
}

/** Who calls, once that was found out. */
export function clientOf(response: Response): ClientSettings {
  return response.locals.client;
}

/**
 * Lets a client through to an app. A client that may not see an app learns nothing about it, not even whether
 * it exists.
 * @throws HttpProblem `forbidden`
 */
export function authorizeApp(client: ClientSettings, appId: string): void {
  if (mayUse(client, appId)) return;
  throw new HttpProblem('forbidden', { detail: `The client "${client.name}" may not use this app.` });
}

/** @throws HttpProblem `forbidden` */
export function authorizeScope(client: ClientSettings, scope: Scope): void {
  if (client.scopes.includes(scope)) return;
  throw new HttpProblem('forbidden', { detail: `The client "${client.name}" has not the scope ${scope}.` });
}

export function mayUse({ apps }: ClientSettings, appId: string): boolean {
  return apps.includes('*') || apps.includes(appId);
}
