import type { ClientSettings, Scope } from '../config/config.js';
import { HttpProblem } from './problem.js';

/** The client of a request. @throws HttpProblem `unauthorized`, and what `find` throws */
export async function authenticate(
  authorization: string | undefined,
  find: (key: string) => Promise<ClientSettings | undefined>,
): Promise<ClientSettings> {
  const key = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
  const client = key === undefined ? undefined : await find(key);
  if (client !== undefined) return client;
  const detail =
    key === undefined
      ? 'Send a client key of this server: Authorization: Bearer <client key>'
      : 'This server does not know this client key, or the key has expired. Check the key, and that it belongs to this server.';
  throw new HttpProblem(detail, {
    code: 'unauthorized',
    headers: { 'www-authenticate': 'Bearer realm="zhongkong"' },
  });
}

/**
 * Lets a client through to an app. A client that may not see an app learns nothing about it, not even whether it exists.
 * @throws HttpProblem `forbidden`
 */
export function authorizeApp(client: ClientSettings, appId: string): void {
  if (mayUse(client, appId)) return;
  throw new HttpProblem(`The client "${client.name}" may not use this app.`, { code: 'forbidden' });
}

/** @throws HttpProblem `forbidden` */
export function authorizeScope(client: ClientSettings, scope: Scope): void {
  if (client.scopes.includes(scope)) return;
  const detail = `The client "${client.name}" does not have the scope ${scope}.`;
  throw new HttpProblem(detail, { code: 'forbidden' });
}

export function mayUse({ apps }: ClientSettings, appId: string): boolean {
  return apps.includes('*') || apps.includes(appId);
}
