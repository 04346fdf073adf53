import { createHash } from 'node:crypto';
import { PROBLEM_CODES, type ProblemCodeName } from '@zhongkong/shared';
import type { Request } from 'express';
import { z } from 'zod';
import { languageOf } from '../http/language.js';
import { COPY_SCRIPT, docsPage } from '../openapi/page/docs-page.js';
import { KEY_PROMPT_SCRIPT, keyPromptPage } from '../openapi/page/key-prompt-page.js';
import { problemPage } from '../openapi/page/problem-page.js';
import { STYLE } from '../openapi/page/style.js';
import { defineRoute } from './services.js';

/** The pages load nothing but what they bring along; the key prompt's script may ask this server. */
const POLICY = [
  "default-src 'none'",
  `style-src '${hashOf(STYLE)}'`,
  `script-src '${hashOf(KEY_PROMPT_SCRIPT)}' '${hashOf(COPY_SCRIPT)}'`,
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
  vary: 'accept, accept-language, authorization',
};

export const getOpenApi = defineRoute({
  id: 'getOpenApi',
  method: 'get',
  path: '/openapi.json',
  group: 'Operation',
  summary: 'This reference for programs, as OpenAPI 3.1',
  access: 'any key',
  answers: [{ status: 200, description: 'The document.', schema: z.looseObject({ openapi: z.string() }) }],
  handle: ({ reference }) => ({ body: reference }),
});

export const getDocs = defineRoute({
  id: 'getDocs',
  method: 'get',
  path: '/docs',
  group: 'Operation',
  summary: 'This reference for people',
  description: 'A browser that comes without a key gets 401 with a page that asks for one.',
  access: 'any key',
  answers: [
    { status: 200, description: 'The page.', type: 'text/html', schema: z.string() },
    {
      status: 401,
      description: 'For browsers: a page that asks for a client key.',
      type: 'text/html',
      schema: z.string(),
    },
  ],
  // A browser cannot send a key by itself.
  withoutKey(request) {
    const isBrowser = request.accepts(['json', 'html']) === 'html';
    if (!isBrowser || request.get('authorization') !== undefined) return undefined;
    const headers = { ...PAGE_HEADERS, 'www-authenticate': 'Bearer realm="zhongkong"' };
    return { status: 401, headers, body: keyPromptPage() };
  },
  handle: ({ reference }, { request }) => ({
    headers: PAGE_HEADERS,
    body: docsPage(reference, { language: languageOf(request), serverUrl: addressOf(request) }),
  }),
});

const CODES = Object.keys(PROBLEM_CODES) as [ProblemCodeName, ...ProblemCodeName[]];

export const getProblem = defineRoute({
  id: 'getProblem',
  method: 'get',
  path: '/problems/{code}',
  group: 'Operation',
  summary: 'What an error code means',
  description: 'The `type` of each error answer leads here.',
  access: 'no key',
  params: z.object({ code: z.enum(CODES) }),
  answers: [{ status: 200, description: 'The page.', type: 'text/html', schema: z.string() }],
  handle: (_services, { request, params: { code } }) => ({
    headers: PAGE_HEADERS,
    body: problemPage(code, languageOf(request)),
  }),
});

/** Where the reader has opened this server, as far as the header can be such a place. */
function addressOf(request: Request): string {
  const host = request.get('host') ?? '';
  return /^[\w.:[\]-]+$/.test(host) ? `${request.protocol}://${host}` : 'http://127.0.0.1:7200';
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
