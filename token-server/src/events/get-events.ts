import type { RefreshEngine } from '@zhongkong/jobs';
import { eventsQuery, parseLastEventId } from '@zhongkong/shared/contract';
import type { RequestHandler } from 'express';
import { authorizeApp, clientOf, mayUse } from '../http/authenticate.js';
import { tokenOf } from '../http/find-credential.js';
import { parseInput } from '../http/parse-input.js';
import type { EventHub } from './event-hub.js';

export interface EventTools {
  readonly engine: RefreshEngine;
  readonly events: EventHub;
}

/** `GET /v1/events`: the current tokens, then each new one as it is committed. */
export function getEvents({ engine, events }: EventTools): RequestHandler {
  return (request, response) => {
    const client = clientOf(response);
    const { apps } = parseInput(eventsQuery, request.query, 'query');
    for (const appId of apps ?? []) {
      authorizeApp(client, appId);
      tokenOf(engine, appId);
    }
    events.admit(client.name);
    response.set('cache-control', 'no-store');
    // Not by `set`, which would add a charset: this type is always UTF-8.
    response.setHeader('content-type', 'text/event-stream');
    // nginx would hold the answer back until it has a whole buffer of it.
    response.set('x-accel-buffering', 'no');
    if (request.method === 'HEAD') {
      response.end();
      return;
    }
    const named = apps && new Set(apps);
    events.open(response, {
      client: client.name,
      wants: (appId) => (named?.has(appId) ?? true) && mayUse(client, appId),
      has: parseLastEventId(request.get('last-event-id') ?? ''),
    });
  };
}
