import { createHash } from 'node:crypto';
import type { RequestHandler } from 'express';
import type { OpenApiDocument } from './openapi-types.js';
import { docsPage } from './page/docs-page.js';
import { DOOR_SCRIPT, doorPage } from './page/door-page.js';
import { STYLE } from './page/style.js';

/** Nothing but what the pages bring along; the door's script may ask this server. */
const POLICY = [
  "default-src 'none'",
  `style-src '${hashOf(STYLE)}'`,
  `script-src '${hashOf(DOOR_SCRIPT)}'`,
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const PAGE_HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': POLICY,
  'content-type': 'text/html; charset=utf-8',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  vary: 'accept, authorization',
};

/** `GET /openapi.json` */
export function getOpenApi(document: OpenApiDocument): RequestHandler {
  const text = JSON.stringify(document);
  return (_request, response) => {
    response.type('json').send(text);
  };
}

/** `GET /docs` */
export function getDocs(document: OpenApiDocument): RequestHandler {
  const page = docsPage(document);
  return (_request, response) => {
    response.set(PAGE_HEADERS).send(page);
  };
}

/** A browser cannot send a key by itself: where it comes without one, it gets a page that asks for the key. */
export const doorForBrowsers: RequestHandler = (request, response, next) => {
  const isBrowser = request.accepts(['json', 'html']) === 'html';
  if (!isBrowser || request.get('authorization') !== undefined) return next();
  response
    .status(401)
    .set({ ...PAGE_HEADERS, 'www-authenticate': 'Bearer realm="zhongkong"' })
    .send(doorPage());
};

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
