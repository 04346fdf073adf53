import { appStatus, appStatusList, historyAnswer, historyQuery } from '@zhongkong/shared/contract';
import { mayUse } from '../http/authenticate.js';
import { toAppStatus } from './app-status.js';
import { defineRoute } from './services.js';

export const listApps = defineRoute({
  id: 'listApps',
  method: 'get',
  path: '/v1/apps',
  group: 'Apps',
  summary: 'The status of each app',
  description:
    'The apps that the key may see. Secrets and tokens never come back, only a fingerprint of the token.',
  access: 'admin',
  answers: [{ status: 200, description: 'The apps.', schema: appStatusList }],
  handle({ apps, findApp, clock }, { client }) {
    const visible = apps
      .filter(({ appId }) => mayUse(client, appId))
      .flatMap(({ appId }) => findApp(appId) ?? []);
    return { body: { apps: visible.map((app) => toAppStatus(app, clock.nowMs())) } };
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
