import { healthAnswer, readinessAnswer } from '@zhongkong/shared/contract';
import { z } from 'zod';
import type { RouteDoc } from '../route-doc.js';

export const operationRoutes: readonly RouteDoc[] = [
  {
    id: 'getHealth',
    methods: ['get'],
    path: '/healthz',
    group: 'Operation',
    summary: 'Whether the process runs and answers',
    access: 'no key',
    answers: [{ status: 200, description: 'It does.', schema: healthAnswer }],
  },
  {
    id: 'getReadiness',
    methods: ['get'],
    path: '/readyz',
    group: 'Operation',
    summary: 'Whether every app has a living token',
    description: 'Redis may be away meanwhile: tokens are given out from memory.',
    access: 'no key',
    answers: [
      { status: 200, description: 'Every app has.', schema: readinessAnswer },
      {
        status: 503,
        description: 'Some app has not, or the server is stopping.',
        schema: readinessAnswer,
        headers: { 'Retry-After': 'Seconds until a later try may go better.' },
      },
    ],
  },
  {
    id: 'getMetrics',
    methods: ['get'],
    path: '/metrics',
    group: 'Operation',
    summary: 'Numbers for Prometheus',
    access: 'any key',
    answers: [
      {
        status: 200,
        description: "Prometheus' text format; every name begins with `zhongkong_`.",
        type: 'text/plain',
        schema: z.string(),
      },
    ],
  },
  {
    id: 'getOpenApi',
    methods: ['get'],
    path: '/openapi.json',
    group: 'Operation',
    summary: 'This reference for programs, as OpenAPI 3.1',
    access: 'any key',
    answers: [{ status: 200, description: 'The document.', schema: z.looseObject({ openapi: z.string() }) }],
  },
  {
    id: 'getDocs',
    methods: ['get'],
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
  },
];
