import type { Request, RequestHandler } from 'express';
import { z } from 'zod';
import { type Asset, readAssets } from '../console/assets.js';
import { CONSOLE_HEADER, isOfConsole, sessionCookie } from '../console/sessions.js';
import { mayUse } from '../http/authenticate.js';
import { callerAddress } from '../http/caller-address.js';
import type { Answer } from '../http/define-route.js';
import { HttpProblem } from '../http/problem.js';
import { packageVersion } from '../package-version.js';
import { defineRoute } from './services.js';

/** Nothing but what this server brings along, and no page may hold this one. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const HEADERS = {
  'content-security-policy': POLICY,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

let assets: ReadonlyMap<string, Asset> | undefined;

/** A browser that opens the server itself wants the console. For all others there is nothing at `/`, as before. */
export const leadToConsole: RequestHandler = (request, response, next) => {
  const isBrowser =
    request.method === 'GET' && request.path === '/' && request.accepts(['json', 'html']) === 'html';
  if (isBrowser && request.query.access_token === undefined) response.redirect('console');
  else next();
};

export const getConsole = defineRoute({
  id: 'getConsole',
  method: 'get',
  path: '/console',
  group: 'Console',
  summary: 'The console: a page for operators',
  access: 'no key',
  answers: [{ status: 200, description: 'The page.', type: 'text/html', schema: z.string() }],
  problems: ['not_found'],
  handle: (_services, { request }) => assetAnswer('index.html', 'no-cache', request),
});

export const getConsoleAsset = defineRoute({
  id: 'getConsoleAsset',
  method: 'get',
  path: '/console/assets/{name}',
  group: 'Console',
  summary: 'A file of the console',
  access: 'no key',
  params: z.object({ name: z.string() }),
  answers: [{ status: 200, description: 'The file.', type: 'text/javascript', schema: z.string() }],
  problems: ['not_found'],
  handle: (_services, { request, params: { name } }) =>
    // Its name holds a hash of its content.
    assetAnswer(name, 'public, max-age=31536000, immutable', request),
});

const sessionAnswer = z.object({
  client: z.string().describe('Whose key it is.'),
  apps: z.array(z.string()),
  version: z.string().describe('Of the server.'),
});

export const signIn = defineRoute({
  id: 'signIn',
  method: 'post',
  path: '/console/session',
  group: 'Console',
  summary: 'Sign in at the console with a key that has the scope `admin`',
  description:
    'The session is an HttpOnly cookie. It ends an hour after its last use, twelve hours after it began, and with the right of its key. Requests with it need the header `X-Zhongkong-Console: 1`, and are never answered with a token.',
  access: 'no key',
  body: z.strictObject({ key: z.string().min(1).max(500).describe('The client key.') }),
  example: { body: { key: 'ADMIN_KEY' }, curl: `-H 'X-Zhongkong-Console: 1'` },
  answers: [{ status: 200, description: 'You are signed in.', schema: sessionAnswer }],
  problems: ['unauthorized', 'forbidden', 'rate_limited'],
  async handle({ keyGuard, sessions }, { request, response, body: { key } }) {
    requireConsole(request);
    const client = await keyGuard.find([key], callerAddress(request));
    if (client === undefined) {
      const detail = {
        en: 'This server does not know this key, or the key has expired.',
        zh: '本服务器不认识这个密钥，或密钥已过期。',
      };
      throw new HttpProblem(detail, { code: 'unauthorized' });
    }
    if (!client.scopes.includes('admin')) {
      const detail = {
        en: `The key of "${client.name}" lacks the scope admin, which the console needs.`,
        zh: `“${client.name}”的密钥没有 admin 权限，无法登录控制台。`,
      };
      throw new HttpProblem(detail, { code: 'forbidden' });
    }
    response.locals.client = client.name;
    return {
      headers: { 'set-cookie': sessionCookie(sessions.open(client), request.secure) },
      body: { client: client.name, apps: client.apps, version: packageVersion() },
    };
  },
});

export const getSession = defineRoute({
  id: 'getSession',
  method: 'get',
  path: '/console/session',
  group: 'Console',
  summary: 'Who is signed in',
  access: 'no key',
  answers: [
    {
      status: 200,
      description: 'You are, or nobody is.',
      schema: z.union([sessionAnswer, z.object({ client: z.null() })]),
    },
  ],
  async handle({ sessions }, { request }) {
    const { client } = (await sessions.find(request.get('cookie'))) ?? {};
    if (client === undefined) return { body: { client: null } };
    return { body: { client: client.name, apps: client.apps, version: packageVersion() } };
  },
});

export const signOut = defineRoute({
  id: 'signOut',
  method: 'delete',
  path: '/console/session',
  group: 'Console',
  summary: 'Sign out of the console, on all servers',
  access: 'no key',
  answers: [{ status: 204, description: 'You are signed out.' }],
  problems: ['forbidden'],
  handle({ sessions }, { request }) {
    requireConsole(request);
    sessions.close(request.get('cookie'));
    return { status: 204, headers: { 'set-cookie': sessionCookie(undefined, request.secure) } };
  },
});

export const streamConsole = defineRoute({
  id: 'streamConsole',
  method: 'get',
  path: '/console/live',
  group: 'Console',
  summary: 'Which apps have changed, at the moment at which they do',
  description:
    'Server-Sent Events: `event: apps`, `data:` a list of app ids, or null when they are too many to name. Never a token.',
  access: 'admin',
  answers: [{ status: 200, description: 'The stream.', type: 'text/event-stream', schema: z.string() }],
  problems: ['rate_limited'],
  raw({ live, sessions }, { client, request, response }) {
    response.setHeader('content-type', 'text/event-stream');
    response.set('x-accel-buffering', 'no');
    const isBySession = client.consoleOf !== undefined;
    live.open({
      response,
      mayUse: (appId) => mayUse(client, appId),
      mayGoOn: async () => !isBySession || (await sessions.find(request.get('cookie'))) !== undefined,
    });
  },
});

/** @throws HttpProblem `forbidden` when another site may have made the browser send the request */
function requireConsole(request: Request): void {
  if (isOfConsole(request.headers)) return;
  const detail = {
    en: `This is for the console's own page, which sends the header ${CONSOLE_HEADER}.`,
    zh: `此接口只供控制台页面使用，请求需带 ${CONSOLE_HEADER} 头。`,
  };
  throw new HttpProblem(detail, { code: 'forbidden' });
}

function assetAnswer(name: string, cache: string, request: Request): Answer {
  assets ??= readAssets();
  const asset = assets.get(name);
  if (asset === undefined) {
    const detail = {
      en: 'There is no such file of the console. If the page is new, load it again; if there is none at all, run npm run build.',
      zh: '控制台没有这个文件。请刷新页面；如果从未构建过，请执行 npm run build。',
    };
    throw new HttpProblem(detail, { code: 'not_found' });
  }
  const found = request.acceptsEncodings(['br', 'gzip', 'identity']);
  const encoding = found === 'br' || found === 'gzip' ? found : 'identity';
  return {
    headers: {
      ...HEADERS,
      'cache-control': cache,
      'content-type': asset.type,
      vary: 'accept-encoding',
      ...(encoding !== 'identity' && { 'content-encoding': encoding }),
    },
    body: asset.body[encoding],
  };
}
