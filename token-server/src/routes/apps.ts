import { phaseOf } from '@zhongkong/jobs';
import {
  appChange,
  appChangeQuery,
  appStatus,
  appStatusList,
  appsQuery,
  historyAnswer,
  historyQuery,
  problem,
} from '@zhongkong/shared/contract';
import { z } from 'zod';
import { appSchema, policySchema } from '../config/config-file-schema.js';
import { mayUse } from '../http/authenticate.js';
import { unknownApp } from '../http/unknown-app.js';
import type { AppChange } from '../registry/manage-apps.js';
import type { App } from '../tokens/find-app.js';
import { actorOf } from './actor.js';
import { toAppStatus } from './app-status.js';
import { defineRoute } from './services.js';

const appPath = z.object({ appId: appSchema.shape.appId });

const policyChange = z
  .strictObject(
    Object.fromEntries(
      Object.entries(policySchema.shape).map(([key, schema]) => [key, schema.nullable()] as const),
    ),
  )
  .describe('The policy of the app, in seconds and counts; merged with what is there. Null removes a value.');

export const listApps = defineRoute({
  id: 'listApps',
  method: 'get',
  path: '/v1/apps',
  group: 'Apps',
  summary: 'The status of each app',
  description: 'The apps that the key may see, by id. Secrets and tokens never come back, only fingerprints.',
  access: 'admin',
  query: appsQuery,
  answers: [{ status: 200, description: 'A page of the apps.', schema: appStatusList }],
  handle({ apps, findApp, clock }, { client, query: { limit, after = '', q = '', phase } }) {
    const nowMs = clock.nowMs();
    const found: App[] = [];
    for (const appId of apps.sortedIds()) {
      if (found.length > limit) break;
      const app = appId > after && mayUse(client, appId) ? findApp(appId) : undefined;
      const text = `${appId} ${app?.settings.name ?? ''}`.toLowerCase();
      if (app === undefined || !text.includes(q.toLowerCase())) continue;
      if (phase === undefined || phaseOf(app.token.state(), nowMs) === phase) found.push(app);
    }
    const page = found.slice(0, limit);
    const next = found.length > limit ? (page.at(-1)?.settings.appId ?? null) : null;
    return { body: { apps: page.map((app) => toAppStatus(app, nowMs)), next } };
  },
});

export const getApp = defineRoute({
  id: 'getApp',
  method: 'get',
  path: '/v1/apps/{appId}',
  group: 'Apps',
  summary: 'The status of one app',
  access: 'admin',
  answers: [{ status: 200, description: 'The app.', schema: appStatus }],
  handle: ({ clock }, { app }) => ({ body: toAppStatus(app, clock.nowMs()) }),
});

export const putApp = defineRoute({
  id: 'putApp',
  method: 'put',
  path: '/v1/apps/{appId}',
  group: 'Apps',
  summary: 'Create or change an app',
  description:
    'What is not named stays as it is. Every server knows it within a second, without a restart. A new secret is tried at WeChat before the last one is dropped. An app that the configuration file names is changed there only.',
  access: 'admin',
  isAppNew: true,
  params: appPath,
  query: appChangeQuery,
  body: z.strictObject({ ...appChange, policy: policyChange.optional() }),
  example: { body: { secret: 'APP_SECRET', name: 'mall mini program' } },
  answers: [
    { status: 201, description: 'It was created.', schema: appStatus },
    { status: 200, description: 'It was changed.', schema: appStatus },
    {
      status: 422,
      description: '`upstream_rejected`: WeChat does not accept the secret; nothing was changed.',
      type: 'application/problem+json',
      schema: problem,
    },
  ],
  problems: ['conflict', 'upstream_unavailable', 'store_unavailable'],
  async handle({ manageApps, findApp, clock }, { params: { appId }, query, body, ...call }) {
    const isTried = query.try === 'true';
    const done = await manageApps.change(actorOf(call), appId, body as AppChange, isTried);
    const app = findApp(appId);
    if (app === undefined) throw unknownApp(appId);
    return { status: done === 'created' ? 201 : 200, body: toAppStatus(app, clock.nowMs()) };
  },
});

export const removeApp = defineRoute({
  id: 'removeApp',
  method: 'delete',
  path: '/v1/apps/{appId}',
  group: 'Apps',
  summary: 'Remove an app',
  description:
    'Its token is forgotten and its jobs are gone; reads of it are 404 everywhere within a second.',
  access: 'admin',
  params: appPath,
  answers: [{ status: 204, description: 'It is gone.' }],
  problems: ['conflict', 'store_unavailable'],
  async handle({ manageApps }, { params: { appId }, ...call }) {
    await manageApps.remove(actorOf(call), appId);
    return { status: 204 };
  },
});

export const getHistory = defineRoute({
  id: 'getHistory',
  method: 'get',
  path: '/v1/apps/{appId}/history',
  group: 'Apps',
  summary: 'What happened to the token of an app',
  description:
    'Every fetch, push and report: when, why, by which client, and how it ended. For the next page, give the last `id` as `before`.',
  access: 'admin',
  query: historyQuery,
  example: { query: 'limit=20' },
  answers: [{ status: 200, description: 'The entries, the newest first.', schema: historyAnswer }],
  problems: ['store_unavailable'],
  async handle(_services, { app, query: { limit, before, kind } }) {
    const credential = kind === 'access-token' ? app.token : app.tickets[kind];
    return { body: { entries: await credential.history(limit, before) } };
  },
});
