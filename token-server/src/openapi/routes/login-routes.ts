import { codeToSessionAnswer, codeToSessionRequest } from '@zhongkong/shared/contract';
import type { RouteDoc } from '../route-doc.js';

export const loginRoutes: readonly RouteDoc[] = [
  {
    id: 'codeToSession',
    methods: ['post'],
    path: '/v1/apps/{appId}/code2session',
    group: 'Login',
    summary: "The login of a mini program's user",
    description:
      'Stands for `/sns/jscode2session` of WeChat, so that no service needs the AppSecret. A code works once; so the call is made once.',
    access: 'login',
    body: codeToSessionRequest,
    example: { body: { jsCode: '0a3Kq1ll2AB7Ld4xT5nl2wLp0P1Kq1lG' } },
    answers: [{ status: 200, description: 'Who the user is.', schema: codeToSessionAnswer }],
    problems: ['conflict', 'upstream_rejected', 'upstream_unavailable'],
  },
];
