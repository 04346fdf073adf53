import type { ClientSettings, Scope } from '../config/config.js';
import { HttpProblem } from './problem.js';

/** The client of a request. @throws HttpProblem `unauthorized`, and what `find` throws */
export async function authenticate(
  authorization: string | undefined,
  find: (key: string) => Promise<ClientSettings | undefined>,
): Promise<ClientSettings> {
  const key = keyOf(authorization);
  const client = key === undefined ? undefined : await find(key);
  if (client !== undefined) return client;
  const detail =
    key === undefined
      ? {
          en: 'Send a client key of this server: Authorization: Bearer <client key>',
          zh: '请求需要带上本服务器的客户端密钥：Authorization: Bearer <客户端密钥>',
        }
      : {
          en: 'This server does not know this client key, or the key has expired. Check the key, and that it belongs to this server.',
          zh: '本服务器不认识这个客户端密钥，或密钥已过期。请检查密钥是否正确、是否属于本服务器。',
        };
  throw new HttpProblem(detail, {
    code: 'unauthorized',
    headers: { 'www-authenticate': 'Bearer realm="zhongkong"' },
  });
}

/** The client key in an `Authorization` header. */
export function keyOf(authorization = ''): string | undefined {
  return /^Bearer +(\S+)$/i.exec(authorization)?.[1];
}

/**
 * Lets a client through to an app. A client that may not see an app learns nothing about it, not even whether it exists.
 * @throws HttpProblem `forbidden`
 */
export function authorizeApp(client: ClientSettings, appId: string): void {
  if (mayUse(client, appId)) return;
  const detail = {
    en: `The client "${client.name}" may not use this app.`,
    zh: `客户端“${client.name}”无权使用这个应用。`,
  };
  throw new HttpProblem(detail, { code: 'forbidden' });
}

/** @throws HttpProblem `forbidden` */
export function authorizeScope(client: ClientSettings, scope: Scope): void {
  if (client.scopes.includes(scope)) return;
  const detail = {
    en: `The client "${client.name}" does not have the scope ${scope}.`,
    zh: `客户端“${client.name}”没有权限范围 ${scope}。`,
  };
  throw new HttpProblem(detail, { code: 'forbidden' });
}

export function mayUse({ apps }: ClientSettings, appId: string): boolean {
  return apps.includes('*') || apps.includes(appId);
}
