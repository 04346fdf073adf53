import { z } from 'zod';
import type { AnswerDoc, RouteDoc } from '../route-doc.js';

const grantType = z.literal('client_credential');
const appid = z.string().describe('The id of the app at WeChat.');
const secret = z.string().describe('A client key of this server, in the place of the AppSecret.');
const currentToken = z
  .string()
  .optional()
  .describe('Not of WeChat: the token that failed, if the caller can say so.');

const fault = z.object({
  errcode: z.int().describe("WeChat's own code; there is no token then."),
  errmsg: z.string(),
});
const token = z.object({
  access_token: z.string(),
  expires_in: z
    .int()
    .describe('Seconds to keep it; less than its life, so that a new one is asked for in time.'),
});
const ticket = z.object({
  errcode: z.literal(0),
  errmsg: z.literal('ok'),
  ticket: z.string(),
  expires_in: z.int(),
});

const answerWith = (schema: z.ZodType): AnswerDoc => ({
  status: 200,
  description: 'Either of both, as WeChat answers.',
  schema: z.union([schema, fault]),
});

const EXAMPLE = { grant_type: 'client_credential', appid: 'wx0123456789abcdef', secret: '$KEY' };

/** The platform's own paths, for SDKs in any language; another method than these is answered as the platform does. */
export const dropInRoutes: readonly RouteDoc[] = [
  {
    id: 'dropInToken',
    methods: ['get'],
    path: '/cgi-bin/token',
    group: 'Drop-in',
    summary: 'A token in the shape of WeChat',
    description:
      'An SDK in any language becomes a client by changing its base URL and giving a client key as its secret. A token that is alive costs no call of WeChat; who comes back right after getting one has it checked.',
    access: 'key as secret',
    query: z.object({ grant_type: grantType, appid, secret, current_token: currentToken }),
    example: { query: new URLSearchParams(EXAMPLE).toString().replace('%24', '$') },
    answers: [answerWith(token)],
  },
  {
    id: 'dropInStableToken',
    methods: ['post'],
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
  },
  {
    id: 'dropInTicket',
    methods: ['get'],
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
  },
];
