import type { RouteDoc } from '../route-doc.js';
import { appRoutes } from './app-routes.js';
import { dropInRoutes } from './drop-in-routes.js';
import { eventRoutes } from './event-routes.js';
import { loginRoutes } from './login-routes.js';
import { operationRoutes } from './operation-routes.js';
import { proxyRoutes } from './proxy-routes.js';
import { tokenRoutes } from './token-routes.js';

/** Every route of the server, as the reference tells of it. */
export const ROUTES: readonly RouteDoc[] = [
  ...tokenRoutes,
  ...eventRoutes,
  ...loginRoutes,
  ...dropInRoutes,
  ...proxyRoutes,
  ...appRoutes,
  ...operationRoutes,
];
