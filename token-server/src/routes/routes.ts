import type { Route } from '../http/define-route.js';
import type { App } from '../tokens/find-app.js';
import { getApp, getHistory, listApps, putApp, removeApp } from './apps.js';
import { changeClient, createClient, createKey, getClients, removeClient, revokeKey } from './clients.js';
import { getConsole, getConsoleAsset, getSession, signIn, signOut, streamConsole } from './console.js';
import { getDoctor } from './doctor.js';
import { dropInStableToken, dropInTicket, dropInToken } from './drop-in.js';
import { streamEvents } from './events.js';
import { getAudit, reload } from './installation.js';
import { codeToSession, loginCalls } from './login.js';
import { getHealth, getMetrics, getReadiness } from './operation.js';
import { callWechat, relayCall } from './proxy.js';
import { getDocs, getOpenApi, getProblem } from './reference.js';
import { listServers, rotateMasterKey } from './servers.js';
import type { Services } from './services.js';
import { getTicket } from './ticket.js';
import { getAccessToken, pushAccessToken, reportAccessToken, rotateAccessToken } from './token.js';

/** Every route of the server, in the order of the reference. */
export const ROUTES: readonly Route<Services, App>[] = [
  getAccessToken,
  reportAccessToken,
  rotateAccessToken,
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
  putApp,
  removeApp,
  getHistory,
  getClients,
  createClient,
  changeClient,
  createKey,
  revokeKey,
  removeClient,
  getAudit,
  reload,
  listServers,
  rotateMasterKey,
  getDoctor,
  getHealth,
  getReadiness,
  getMetrics,
  getOpenApi,
  getDocs,
  getProblem,
  getConsole,
  getConsoleAsset,
  signIn,
  getSession,
  signOut,
  streamConsole,
  // Last: it takes the paths that no other route has.
  relayCall,
];
