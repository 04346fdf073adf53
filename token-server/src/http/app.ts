import type { RefreshEngine } from '@zhongkong/jobs';
import type { Clock } from '@zhongkong/shared';
import express, { type Express, type RequestHandler } from 'express';
import type { AppConfig, ClientSettings, Scope } from '../config/config.js';
import { createDropIn } from '../drop-in/drop-in.js';
import { createKnownTokens } from '../drop-in/known-tokens.js';
import type { EventHub } from '../events/event-hub.js';
import { getEvents } from '../events/get-events.js';
import type { Logger } from '../logger.js';
import type { Metrics } from '../metrics/metrics.js';
import { doorForBrowsers, getDocs, getOpenApi } from '../openapi/get-docs.js';
import { openApiDocument } from '../openapi/openapi-document.js';
import { ROUTES } from '../openapi/routes/routes.js';
import { packageVersion } from '../package-version.js';
import { createForward } from '../proxy/forward.js';
import type { PlatformPool } from '../proxy/platform-pool.js';
import { proxy } from '../proxy/proxy.js';
import { relay } from '../proxy/relay.js';
import { authorizeApp, authorizeScope, clientOf, createAuthenticate, createFindKey } from './authenticate.js';
import { createErrorHandler } from './error-handler.js';
import { tokenOf } from './find-credential.js';
import { getAccessToken } from './get-access-token.js';
import { getApp, getApps, getHistory } from './get-apps.js';
import { getTicket } from './get-ticket.js';
import { getHealthz, getReadyz, type HealthSources } from './health.js';
import { HttpProblem } from './http-problem.js';
import { jsonBody } from './json-body.js';
import { observeRequests } from './observe-requests.js';
import { postCodeToSession } from './post-code-to-session.js';
import { postRefresh } from './post-refresh.js';
import { putAccessToken } from './put-access-token.js';

export interface AppTools extends HealthSources {
  readonly engine: RefreshEngine;
  readonly events: EventHub;
  readonly platform: PlatformPool;
  readonly apps: readonly AppConfig[];
  readonly clients: readonly ClientSettings[];
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly log: Logger;
}

/**
 * The HTTP face: what can be asked for, by whom, and in which order the checks come. Routes are declared with their
 * whole paths, since those are what the metrics show.
 */
export function createApp(tools: AppTools): Express {
  const { engine, clients, clock, metrics, log } = tools;
  const findKey = createFindKey(clients);
  const findClient = createAuthenticate(findKey);

  const authenticated: RequestHandler = (request, response, next) => {
    response.locals.client = findClient(request.get('authorization'));
    response.set('cache-control', 'no-store');
    next();
  };
  const scope =
    (needed: Scope): RequestHandler =>
    (_request, response, next) => {
      authorizeScope(clientOf(response), needed);
      next();
    };
  const ownApp: RequestHandler<{ appId: string }> = (request, response, next) => {
    const { appId } = request.params;
    authorizeApp(clientOf(response), appId);
    tokenOf(engine, appId);
    next();
  };

  const app = express();
  app.disable('x-powered-by').disable('etag').set('query parser', 'simple');
  // Express would answer 304 to whoever sends `If-None-Match: *`; the routes that have versions look at it themselves.
  Object.defineProperty(app.request, 'fresh', { value: false });
  app.use(observeRequests(log, metrics));

  app.route('/healthz').get(getHealthz).all(refuseMethod('GET'));
  app.route('/readyz').get(getReadyz(tools)).all(refuseMethod('GET'));
  app
    .route('/metrics')
    .get(authenticated, async (_request, response) => {
      response.type(metrics.contentType).send(await metrics.text());
    })
    .all(refuseMethod('GET'));
  const reference = openApiDocument(ROUTES, packageVersion());
  app.route('/openapi.json').get(authenticated, getOpenApi(reference)).all(refuseMethod('GET'));
  app.route('/docs').get(doorForBrowsers, authenticated, getDocs(reference)).all(refuseMethod('GET'));

  app.route('/v1/apps').get(authenticated, scope('admin'), getApps(tools)).all(refuseMethod('GET'));
  app
    .route('/v1/apps/:appId')
    .get(authenticated, scope('admin'), ownApp, getApp(tools))
    .all(refuseMethod('GET'));
  app
    .route('/v1/apps/:appId/history')
    .get(authenticated, scope('admin'), ownApp, getHistory(tools))
    .all(refuseMethod('GET'));
  app
    .route('/v1/apps/:appId/access-token')
    .get(authenticated, scope('token:read'), ownApp, getAccessToken(engine, clock))
    .put(authenticated, scope('token:write'), ownApp, jsonBody('16kb'), putAccessToken(engine, clock))
    .all(refuseMethod('GET', 'PUT'));
  app
    .route('/v1/apps/:appId/tickets/:type')
    .get(authenticated, scope('token:read'), ownApp, getTicket(engine, clock))
    .all(refuseMethod('GET'));
  app
    .route('/v1/apps/:appId/access-token/refresh')
    .post(authenticated, scope('token:refresh'), ownApp, jsonBody('16kb'), postRefresh(engine, clock))
    .all(refuseMethod('POST'));
  app
    .route('/v1/apps/:appId/code2session')
    .post(authenticated, scope('login'), ownApp, jsonBody('16kb'), postCodeToSession(tools))
    .all(refuseMethod('POST'));
  app.route('/v1/events').get(authenticated, scope('token:read'), getEvents(tools)).all(refuseMethod('GET'));

  const forward = createForward(tools);
  const knownTokens = createKnownTokens(engine, clock);
  app.use(createDropIn({ ...tools, findKey, knownTokens }));
  app.all('/proxy/:appId/*path', authenticated, scope('proxy'), ownApp, proxy(forward));
  app.use(relay(forward, knownTokens, () => clock.nowMs()));

  app.use(() => {
    throw new HttpProblem('not_found');
  });
  app.use(createErrorHandler(log));
  return app;
}

function refuseMethod(...allowed: string[]): RequestHandler {
  return () => {
    throw new HttpProblem('method_not_allowed', { headers: { allow: allowed.join(', ') } });
  };
}
