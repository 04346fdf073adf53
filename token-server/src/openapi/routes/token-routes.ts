import {
  accessTokenAnswer,
  pushRequest,
  refreshAnswer,
  refreshRequest,
  ticketAnswer,
  ticketType,
} from '@zhongkong/shared/contract';
import { z } from 'zod';
import type { AnswerDoc, RouteDoc } from '../route-doc.js';

const ifNoneMatch = z.object({
  'If-None-Match': z.string().optional().describe('The `ETag` of the last answer.'),
});
const notModified: AnswerDoc = {
  status: 304,
  description: 'The version named in `If-None-Match` is still the current one.',
  headers: { ETag: 'The version, in quotation marks.' },
};

export const tokenRoutes: readonly RouteDoc[] = [
  {
    id: 'getAccessToken',
    methods: ['get'],
    path: '/v1/apps/{appId}/access-token',
    group: 'Access tokens',
    summary: 'The current access token',
    description:
      'Answered from memory, without a call of WeChat. Lives are counted from now, so that a wrong clock at the client does no harm. Keep the token for `refreshIn` seconds, then ask again with `If-None-Match`.',
    access: 'token:read',
    headers: ifNoneMatch,
    answers: [
      {
        status: 200,
        description: 'The token.',
        schema: accessTokenAnswer,
        headers: { ETag: 'The version, in quotation marks.' },
      },
      notModified,
    ],
    problems: ['upstream_rejected', 'upstream_unavailable', 'token_unavailable'],
  },
  {
    id: 'reportAccessToken',
    methods: ['post'],
    path: '/v1/apps/{appId}/access-token/refresh',
    group: 'Access tokens',
    summary: 'Passive refresh: report a token as dead, get the one to use now',
    description:
      'Call this when WeChat refused a token with errcode 40001, 40014 or 42001. A token that is no longer current costs nothing; the current one is checked before a new one is fetched. However many callers report it at once, it is fetched once.',
    access: 'token:refresh',
    body: refreshRequest,
    example: { body: { staleVersion: 41, errcode: 40001 } },
    answers: [
      {
        status: 200,
        description: 'The token to use now.',
        schema: refreshAnswer,
        headers: { 'Retry-After': 'With the reason `cooldown`: seconds until the token is looked at again.' },
      },
    ],
    problems: [
      'rate_limited',
      'upstream_rejected',
      'upstream_unavailable',
      'store_unavailable',
      'token_unavailable',
    ],
  },
  {
    id: 'pushAccessToken',
    methods: ['put'],
    path: '/v1/apps/{appId}/access-token',
    group: 'Access tokens',
    summary: 'Hand over a token that another system fetched',
    description:
      'For apps in the mode `external`: the system that fetches tokens until now goes on doing so and hands them over, and everyone is told.',
    access: 'token:write',
    body: pushRequest,
    example: { body: { accessToken: 'ACCESS_TOKEN', expiresIn: 7200 } },
    answers: [
      {
        status: 200,
        description: 'The token as everyone gets it now.',
        schema: accessTokenAnswer,
        headers: { ETag: 'The version, in quotation marks.' },
      },
    ],
    problems: ['conflict', 'rate_limited', 'upstream_unavailable', 'store_unavailable'],
  },
  {
    id: 'getTicket',
    methods: ['get'],
    path: '/v1/apps/{appId}/tickets/{type}',
    group: 'Tickets',
    summary: 'The current ticket for pages',
    description: 'A ticket has its own clock and its own schedule; a dead access token is healed on the way.',
    access: 'token:read',
    params: { type: ticketType },
    headers: ifNoneMatch,
    answers: [
      {
        status: 200,
        description: 'The ticket.',
        schema: ticketAnswer,
        headers: { ETag: 'The version, in quotation marks.' },
      },
      notModified,
    ],
    problems: ['upstream_rejected', 'upstream_unavailable', 'token_unavailable'],
  },
];
