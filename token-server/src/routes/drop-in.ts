import type { Request, Response } from 'express';
import { z } from 'zod';
import { keyForms } from '../drop-in/authorize-key.js';
import { type DropInErrcode, faultOfCode } from '../drop-in/drop-in-fault.js';
import { giveTicket } from '../drop-in/give-ticket.js';
import { giveToken } from '../drop-in/give-token.js';
import { type Caller, parseObject, readTokenRequest } from '../drop-in/token-request.js';
import { answerAsWechat, sendWechatFault } from '../drop-in/wechat-shape.js';
import { callerAddress } from '../http/caller-address.js';
import type { AnswerDoc } from '../http/define-route.js';
import { readText } from '../http/read-input.js';
import { defineRoute, type Services } from './services.js';

const grantType = z.literal('client_credential');
export const appid = z.string().describe('The id of the app at WeChat.');
export const secret = z.string().describe('A client key of this server, in place of the AppSecret.');
const currentToken = z
  .string()
  .optional()
  .describe('Not of WeChat: the token that failed, if the caller can name it.');

const wechatFault = z.object({
  errcode: z.int().describe("WeChat's own code; there is no token then."),
  errmsg: z.string(),
});
const token = z.object({
  access_token: z.string(),
  expires_in: z
    .int()
    .describe('Seconds to keep it; less than its life, so that the client asks for a new one in time.'),
});
const ticket = z.object({
  errcode: z.literal(0),
  errmsg: z.literal('ok'),
  ticket: z.string(),
  expires_in: z.int(),
});

const EXAMPLE = { grant_type: 'client_credential', appid: 'wx0123456789abcdef', secret: '$KEY' };

export const dropInToken = defineRoute({
  id: 'dropInToken',
  method: 'get',
  path: '/cgi-bin/token',
  group: 'Drop-in',
  summary: 'A token in the shape of WeChat',
  description:
    'An SDK in any language becomes a client by changing its base URL and giving a client key as its secret. A token that is alive costs no fetch; if a client asks again right after it got one, the token is checked.',
  access: 'key as secret',
  query: z.object({ grant_type: grantType, appid, secret, current_token: currentToken }),
  example: { query: new URLSearchParams(EXAMPLE).toString().replace('%24', '$') },
  answers: [answerWith(token)],
  otherMethods: refuseWith(43001),
  raw: (services, { request, response }) =>
    answerAsWechat(services, response, async () =>
      giveToken(services, readTokenRequest(request.query, callerOf(request))),
    ),
});

export const dropInStableToken = defineRoute({
  id: 'dropInStableToken',
  method: 'post',
  path: '/cgi-bin/stable_token',
  group: 'Drop-in',
  summary: 'The same in the shape of the stable interface',
  access: 'key as secret',
  body: z.object({
    grant_type: grantType,
    appid,
    secret,
    force_refresh: z
      .boolean()
      .optional()
      .describe('Says that the token may be dead: it is checked, and replaced only if it is.'),
    current_token: currentToken,
  }),
  example: { body: EXAMPLE },
  answers: [answerWith(token)],
  otherMethods: refuseWith(43002),
  raw: (services, { request, response }) =>
    answerAsWechat(services, response, async () => {
      const fields = parseObject(await readText(request, response));
      const caller = { ...callerOf(request), keys: [String(fields.secret)] };
      return giveToken(services, readTokenRequest(fields, caller));
    }),
});

export const dropInTicket = defineRoute({
  id: 'dropInTicket',
  method: 'get',
  path: '/cgi-bin/ticket/getticket',
  group: 'Drop-in',
  summary: 'A ticket in the shape of WeChat',
  access: 'key as secret',
  query: z.object({
    access_token: z.string().describe('A token that this server gave out.'),
    type: z.enum(['jsapi', 'wx_card']),
  }),
  example: { query: 'access_token=ACCESS_TOKEN&type=jsapi' },
  answers: [answerWith(ticket)],
  otherMethods: refuseWith(43001),
  raw: (services, { request, response }) =>
    answerAsWechat(services, response, () => giveTicket(services, request.query)),
});

/** Who asks with a key in the query. */
export function callerOf(request: Request): Caller {
  return {
    keys: keyForms(request.originalUrl),
    address: callerAddress(request),
    noteClient: (name) => {
      if (request.res !== undefined) request.res.locals.client = name;
    },
  };
}

export function answerWith(schema: z.ZodType): AnswerDoc {
  return {
    status: 200,
    description: 'Either of both, as WeChat answers.',
    schema: z.union([schema, wechatFault]),
  };
}

export function refuseWith(errcode: DropInErrcode) {
  return (services: Services, _request: Request, response: Response) =>
    sendWechatFault(services, response, faultOfCode(errcode));
}
