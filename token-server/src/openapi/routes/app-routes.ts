import { appStatus, appStatusList, historyAnswer, historyQuery } from '@zhongkong/shared/contract';
import type { RouteDoc } from '../route-doc.js';

export const appRoutes: readonly RouteDoc[] = [
  {
    id: 'listApps',
    methods: ['get'],
    path: '/v1/apps',
    group: 'Apps',
    summary: 'Where each app stands',
    description:
      'The apps that the key may see. Secrets and tokens never come back, only a fingerprint of the token.',
    access: 'admin',
    answers: [{ status: 200, description: 'The apps.', schema: appStatusList }],
  },
  {
    id: 'getApp',
    methods: ['get'],
    path: '/v1/apps/{appId}',
    group: 'Apps',
    summary: 'Where one app stands',
    access: 'admin',
    answers: [{ status: 200, description: 'The app.', schema: appStatus }],
  },
  {
    id: 'getHistory',
    methods: ['get'],
    path: '/v1/apps/{appId}/history',
    group: 'Apps',
    summary: 'What happened to the token of an app',
    description:
      'Every fetch and every report: when, why, on whose word, and how it ended. Go on with `before` and the last `id` of a page.',
    access: 'admin',
    query: historyQuery,
    example: { query: 'limit=20' },
    answers: [{ status: 200, description: 'The entries, the newest first.', schema: historyAnswer }],
    problems: ['store_unavailable'],
  },
];
