import type { RefreshEngine } from '@zhongkong/jobs';
import type { Clock } from '@zhongkong/shared';
import express, { type Express, type RequestHandler } from 'express';
import type { ClientSettings, Scope } from '../config/config.js';
import type { Logger } from '../logger.js';
import { authorize, createAuthenticate } from './authenticate.js';
import { createErrorHandler } from './error-handler.js';
import { getAccessToken } from './get-access-token.js';
import { getHealthz, getReadyz, type HealthSources } from './health.js';
import { HttpProblem } from './http-problem.js';
import { postRefresh } from './post-refresh.js';
import { logRequests } from './request-log.js';

export interface AppTools extends HealthSources {
  readonly engine: RefreshEngine;
  readonly clients: readonly ClientSettings[];
  readonly clock: Clock;
  readonly log: Logger;
}

/** The HTTP face: what can be asked for, by whom, and in which order the checks come. */
export function createApp(tools: AppTools): Express {
  const { engine, clients, clock, log } = tools;
  const authenticate = createAuthenticate(clients);
  const allow =
    (scope: Scope): RequestHandler<{ appId: string }> =>
    (request, response, next) => {
      const client = authenticate(request.get('authorization'));
      response.locals.client = client;
      authorize(client, scope, request.params.appId);
      if (engine.state(request.params.appId) === undefined) {
        throw new HttpProblem('unknown_app', {
          detail: `The app ${request.params.appId} is not configured here.`,
        });
      }
      next();
    };

  const app = express();
  app.disable('x-powered-by').disable('etag').set('query parser', 'simple');
  app.use(logRequests(log));

  app.route('/healthz').get(getHealthz).all(refuseMethod('GET'));
  app.route('/readyz').get(getReadyz(tools)).all(refuseMethod('GET'));
  app
    .route('/v1/apps/:appId/access-token')
    .get(allow('token:read'), getAccessToken(engine, clock))
    .all(refuseMethod('GET'));
  app
    .route('/v1/apps/:appId/access-token/refresh')
    .post(allow('token:refresh'), express.json({ limit: '16kb' }), postRefresh(engine, clock))
    .all(refuseMethod('POST'));

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
