import { z } from 'zod';
import { isRelayed, relay } from '../drop-in/relay.js';
import { HttpProblem } from '../http/problem.js';
import { wechatTarget } from '../proxy/wechat-target.js';
import { defineRoute } from './services.js';

const passedOn = {
  status: 'default',
  description: 'What WeChat answered, as it is.',
  type: '*/*',
  schema: z.unknown(),
} as const;

export const callWechat = defineRoute({
  id: 'callWechat',
  method: 'any',
  path: '/proxy/{appId}/{+path}',
  group: 'Proxy',
  summary: 'Call an API of WeChat without a token',
  description:
    'The same call at WeChat, with the current token of the app in its query. If WeChat answers that the token is dead, the token is replaced and the call is made once more. Query, body and headers are passed on; bodies stream both ways. `path` may hold slashes.',
  access: 'proxy',
  answers: [passedOn],
  problems: ['rate_limited', 'upstream_rejected', 'upstream_unavailable', 'token_unavailable'],
  async raw({ forward }, { app, client, request, response }) {
    const { appId } = app.settings;
    // As it stood in the request line: a decoded path could mean something else at WeChat.
    const [, rest = ''] = /^\/proxy\/[^/?#]+(.*)$/s.exec(request.originalUrl) ?? [];
    const target = wechatTarget(rest);
    if (target.is !== 'target') {
      const code = target.is === 'refused' ? 'forbidden' : 'invalid_request';
      throw new HttpProblem(target.detail, { code });
    }
    const mount = `/proxy/${appId}`;
    await forward(request, response, { credential: app.token, target, mount, client: client.name });
  },
});

/** Last of all routes: it takes every path that no other has, if the query holds a token. */
export const relayCall = defineRoute({
  id: 'relayCall',
  method: 'any',
  path: '/{+path}',
  group: 'Drop-in',
  summary: 'Call an API of WeChat with a token that this server gave out',
  description:
    'For SDKs that have one base URL for everything. The call is made at WeChat with the current token of the app whose token is in the query; if that is dead, it is replaced and the call is made once more. Faults of this server have the shape of WeChat.',
  access: 'key as secret',
  query: z.object({ access_token: z.string().describe('A token that this server gave out.') }),
  example: { query: 'access_token=ACCESS_TOKEN' },
  answers: [passedOn],
  label: 'relay',
  isFor: isRelayed,
  raw: (services, { request, response }) => relay(services, request, response),
});
