import { PROBLEM_CODES, type ProblemCodeName } from '@zhongkong/shared';
import { problem } from '@zhongkong/shared/contract';
import type { z } from 'zod';
import { type AnswerDoc, GROUPS } from '../http/define-route.js';
import { curlOf } from './curl-of.js';
import { methodsInDoc, pathInDoc } from './document-paths.js';
import { type JsonSchema, namedSchemas, schemaRef } from './json-schemas.js';
import type {
  AnswerObject,
  DocMethod,
  OpenApiDocument,
  Operation,
  Parameter,
  RouteDoc,
} from './openapi-types.js';
import { isScope, problemsOf } from './problems-of.js';

const DESCRIPTION = `The central control server for WeChat access tokens. Errors are \`application/problem+json\` after RFC 9457, with a stable \`code\`; \`title\` and \`detail\` are in Chinese if \`Accept-Language\` prefers that to English. Any path answers 404 \`not_found\` if there is nothing, and 405 \`method_not_allowed\` with \`Allow\` if it takes other methods. What is no HTTP request, or has more than 100 headers, or an address and headers of more than 16 KiB together, is answered 400 \`invalid_request\` anywhere. Every answer has an \`X-Request-Id\`: that of the request, or a new one.`;

const PATH_PARAMETERS: Readonly<Record<string, string>> = {
  appId: 'The id of the app at WeChat.',
  id: 'The id of the client, as the list has it.',
  keyId: 'The id of the key, not the key itself.',
  type: 'What the ticket is for: `jsapi` for wx.config, `wx_card` for cards.',
  path: 'The path at WeChat.',
  name: 'The name of the file, as the page has it.',
  code: 'The error code.',
};

const TAGS: Readonly<Record<(typeof GROUPS)[number], string>> = {
  'Access tokens': 'Read, report, rotate and push access tokens.',
  Tickets: 'Tickets for the JS-SDK and for cards.',
  Login: 'Logins that need the AppSecret.',
  Events: 'New tokens as a stream.',
  'Drop-in': 'Paths of WeChat, answered in the shape of WeChat.',
  Proxy: 'Calls of WeChat that get the token on their way.',
  Apps: 'Apps: status, changes, history.',
  Clients: 'Clients and their keys.',
  Operation: 'Health, metrics, configuration, and this reference.',
  Console: 'The page for operators.',
};

/** The reference for programs, made from the declarations of the routes and the schemas that check requests. */
export function openApiDocument(routes: readonly RouteDoc[], version: string): OpenApiDocument {
  const paths: Record<string, Record<string, Operation>> = {};
  for (const route of routes) {
    const path = pathInDoc(route.path);
    const operations = methodsInDoc(route).map((method) => [method, operationOf(route, method)]);
    paths[path] = { ...paths[path], ...Object.fromEntries(operations) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Zhongkong',
      version,
      description: DESCRIPTION,
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/', description: 'This server.' }],
    tags: GROUPS.map((name) => ({ name, description: TAGS[name] })),
    paths,
    components: {
      schemas: namedSchemas(),
      securitySchemes: {
        clientKey: { type: 'http', scheme: 'bearer', description: 'A client key of this server.' },
      },
    },
  };
}

function operationOf(route: RouteDoc, method: DocMethod): Operation {
  const { id, group, summary, description, access, body, example } = route;
  return {
    operationId: route.method === 'any' ? `${id}_${method}` : id,
    tags: [group],
    summary,
    ...(description === undefined ? {} : { description }),
    // OpenAPI 3.1 allows names of roles for any scheme.
    security: securityOf(access),
    parameters: parametersOf(route),
    ...(body === undefined
      ? {}
      : {
          requestBody: {
            required: true as const,
            content: {
              'application/json': { schema: schemaRef(body, 'input'), example: example?.body },
            },
          },
        }),
    responses: answersOf(route),
    'x-codeSamples': [{ lang: 'Shell', source: curlOf(route, method) }],
  };
}

function securityOf(access: RouteDoc['access']): Operation['security'] {
  if (access === 'no key' || access === 'key as secret') return [];
  return [{ clientKey: isScope(access) ? [access] : [] }];
}

function parametersOf({ path, params, query, headers }: RouteDoc): Parameter[] {
  const { properties = {} } = params === undefined ? {} : schemaRef(params, 'input');
  const inPath = [...pathInDoc(path).matchAll(/\{(\w+)\}/g)].map(
    ([, name = '']): Parameter => ({
      name,
      in: 'path',
      required: true,
      description: PATH_PARAMETERS[name] ?? '',
      schema: (properties[name] ?? { type: 'string' }) as JsonSchema,
    }),
  );
  return [...inPath, ...fieldsOf(query, 'query'), ...fieldsOf(headers, 'header')];
}

function fieldsOf(schema: z.ZodType | undefined, place: 'query' | 'header'): Parameter[] {
  if (schema === undefined) return [];
  const { properties = {}, required = [] } = schemaRef(schema, 'input');
  return Object.entries(properties).map(([name, field]): Parameter => {
    const { description, ...rest } = field as JsonSchema;
    return {
      name,
      in: place,
      required: required.includes(name),
      ...(description === undefined ? {} : { description }),
      schema: rest,
    };
  });
}

function answersOf({ answers, ...route }: RouteDoc): Record<string, AnswerObject> {
  const objects: Record<string, AnswerObject> = {};
  for (const answer of answers) objects[answer.status] = answerOf(answer);
  const codes = problemsOf({ answers, ...route });
  for (const status of new Set(codes.map((code) => PROBLEM_CODES[code].status))) {
    const ofStatus = codes.filter((code) => PROBLEM_CODES[code].status === status);
    const other = objects[status];
    const own = problemAnswer(status, ofStatus);
    objects[status] = {
      ...own,
      description: other === undefined ? own.description : `${own.description} ${other.description}`,
      headers: { ...own.headers, ...other?.headers },
      content: { ...own.content, ...other?.content },
    };
  }
  return objects;
}

function answerOf({ description, type = 'application/json', schema, headers = {} }: AnswerDoc): AnswerObject {
  return {
    description,
    headers: headersOf(headers),
    ...(schema === undefined ? {} : { content: { [type]: { schema: schemaRef(schema, 'output') } } }),
  };
}

function problemAnswer(status: number, codes: readonly ProblemCodeName[]): AnswerObject {
  const mayChange = status === 429 || status === 503;
  return {
    description: codes.map((code) => `\`${code}\`: ${PROBLEM_CODES[code].title.en}.`).join(' '),
    headers: headersOf({
      ...(status === 401 ? { 'WWW-Authenticate': '`Bearer`' } : {}),
      ...(mayChange ? { 'Retry-After': 'Seconds until a later try may go better.' } : {}),
    }),
    content: {
      'application/problem+json': {
        schema: { allOf: [schemaRef(problem, 'output')], properties: { code: { enum: [...codes] } } },
      },
    },
  };
}

function headersOf(headers: Readonly<Record<string, string>>): AnswerObject['headers'] {
  const entries = Object.entries(headers);
  return Object.fromEntries(
    entries.map(([name, description]) => [name, { description, schema: { type: 'string' } }]),
  );
}
