import type { Request, Response } from 'express';
import type { ClientSettings } from '../config/config.js';
import { callerAddress } from '../http/caller-address.js';
import { HttpProblem } from '../http/problem.js';
import type { Actor } from '../registry/audit.js';

interface CallOfOperator {
  readonly client: ClientSettings;
  readonly request: Request;
  readonly response: Response;
}

/** Who makes the call, for the audit. */
export function actorOf({ client, request, response }: CallOfOperator): Actor {
  const { requestId } = response.locals;
  return {
    client: client.name,
    clientId: client.id,
    address: callerAddress(request),
    ...(requestId === undefined ? {} : { requestId }),
  };
}

/** What concerns the whole installation is for keys that may use all apps. @throws HttpProblem `forbidden` */
export function requireAllApps({ name, apps }: ClientSettings): void {
  if (apps.includes('*')) return;
  const detail = {
    en: `The client "${name}" may use some apps only; this needs a key for all apps.`,
    zh: `客户端“${name}”只能使用部分应用；此操作需要能使用全部应用的密钥。`,
  };
  throw new HttpProblem(detail, { code: 'forbidden' });
}
