import type { RefreshEngine } from '@zhongkong/jobs';
import type { Clock } from '@zhongkong/shared';
import { historyQuery } from '@zhongkong/shared/contract';
import type { RequestHandler } from 'express';
import type { AppConfig } from '../config/config.js';
import { appStatus } from './app-status.js';
import { clientOf, mayUse } from './authenticate.js';
import { engineProblem } from './engine-problem.js';
import { ticketOf, tokenOf } from './find-credential.js';
import { HttpProblem } from './http-problem.js';
import { parseInput } from './parse-input.js';

export interface AppsTools {
  readonly engine: RefreshEngine;
  readonly apps: readonly AppConfig[];
  readonly clock: Clock;
}

/** `GET /v1/apps`: the apps that the client may see. */
export function getApps({ engine, apps, clock }: AppsTools): RequestHandler {
  return (_request, response) => {
    const client = clientOf(response);
    const visible = apps.filter(({ appId }) => mayUse(client, appId));
    const nowMs = clock.nowMs();
    response.json({
      apps: visible.map((app) => appStatus(app, engine, nowMs)),
    });
  };
}

/** `GET /v1/apps/{appId}` */
export function getApp({ engine, apps, clock }: AppsTools): RequestHandler<{ appId: string }> {
  return (request, response) => {
    const app = apps.find(({ appId }) => appId === request.params.appId);
    if (app === undefined) throw new HttpProblem('unknown_app');
    response.json(appStatus(app, engine, clock.nowMs()));
  };
}

/** `GET /v1/apps/{appId}/history`: every fetch and every report, the newest first. */
export function getHistory({ engine }: AppsTools): RequestHandler<{ appId: string }> {
  return async (request, response) => {
    const { limit, before, kind } = parseInput(historyQuery, request.query, 'query');
    const { appId } = request.params;
    const credential = kind === 'access-token' ? tokenOf(engine, appId) : ticketOf(engine, appId, kind);
    const entries = await credential.history(limit, before).catch(engineProblem);
    response.json({ entries });
  };
}
