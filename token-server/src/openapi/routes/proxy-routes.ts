import { z } from 'zod';
import type { RouteDoc } from '../route-doc.js';

export const proxyRoutes: readonly RouteDoc[] = [
  {
    id: 'callWechat',
    methods: ['get', 'put', 'post', 'delete', 'patch'],
    path: '/proxy/{appId}/{path}',
    group: 'Proxy',
    summary: 'Call an API of WeChat without a token',
    description:
      'The same call at WeChat, with the current token of the app in its query. If WeChat says that the token is dead, that is healed and the call is made once more. Query, body and headers pass; bodies stream both ways. `path` may hold slashes.',
    access: 'proxy',
    answers: [
      {
        status: 'default',
        description: 'What WeChat answered, as it is.',
        type: '*/*',
        schema: z.unknown(),
      },
    ],
    problems: ['rate_limited', 'upstream_rejected', 'upstream_unavailable', 'token_unavailable'],
  },
];
