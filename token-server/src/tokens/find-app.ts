import type { Credential, RefreshEngine, TicketType } from '@zhongkong/jobs';
import type { AppConfig } from '../config/config.js';

/** One app: its settings and its credentials. */
export interface App {
  readonly settings: AppConfig;
  readonly token: Credential;
  readonly tickets: Readonly<Record<TicketType, Credential>>;
}

export type FindApp = (appId: string) => App | undefined;

export function createFindApp(
  engine: Pick<RefreshEngine, 'token' | 'ticket'>,
  apps: { find(appId: string): AppConfig | undefined },
): FindApp {
  return (appId) => {
    const settings = apps.find(appId);
    const token = engine.token(appId);
    const jsapi = engine.ticket(appId, 'jsapi');
    const card = engine.ticket(appId, 'wx_card');
    if (settings === undefined || token === undefined || jsapi === undefined || card === undefined)
      return undefined;
    return { settings, token, tickets: { jsapi, wx_card: card } };
  };
}
