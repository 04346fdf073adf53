import type { Credential, RefreshEngine, TicketType } from '@zhongkong/jobs';
import { HttpProblem } from './http-problem.js';

/** The access token of an app. @throws HttpProblem `unknown_app` */
export function tokenOf(engine: Pick<RefreshEngine, 'token'>, appId: string): Credential {
  return engine.token(appId) ?? unknownApp(appId);
}

/** A ticket of an app. @throws HttpProblem `unknown_app` */
export function ticketOf(engine: Pick<RefreshEngine, 'ticket'>, appId: string, type: TicketType): Credential {
  return engine.ticket(appId, type) ?? unknownApp(appId);
}

function unknownApp(appId: string): never {
  throw new HttpProblem('unknown_app', { detail: `The app ${appId} is not configured here.` });
}
