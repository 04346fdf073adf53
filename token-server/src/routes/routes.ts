import type { Route } from '../http/define-route.js';
import type { App } from '../tokens/find-app.js';
import { getApp, getHistory, listApps } from './apps.js';
import { dropInStableToken, dropInTicket, dropInToken } from './drop-in.js';
import { streamEvents } from './events.js';
import { codeToSession, loginCalls } from './login.js';
import { getHealth, getMetrics, getReadiness } from './operation.js';
import { callWechat, relayCall } from './proxy.js';
import { getDocs, getOpenApi } from './reference.js';
import { listServers, rotateMasterKey } from './servers.js';
import type { Services } from './services.js';
import { getTicket } from './ticket.js';
import { getAccessToken, pushAccessToken, reportAccessToken } from './token.js';

/** Every route of the server, in the order of the reference. */
export const ROUTES: readonly Route<Services, App>[] = [
  getAccessToken,
  reportAccessToken,
  pushAccessToken,
  getTicket,
  streamEvents,
  codeToSession,
  dropInToken,
  dropInStableToken,
  dropInTicket,
  ...loginCalls,
  callWechat,
  listApps,
  getApp,
  getHistory,
  listServers,
  rotateMasterKey,
  getHealth,
  getReadiness,
  getMetrics,
  getOpenApi,
  getDocs,
  // Last: it takes the paths that no other route has.
  relayCall,
];
