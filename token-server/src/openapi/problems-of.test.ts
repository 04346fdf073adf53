import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import type { RouteDoc } from './openapi-types.js';
import { problemsOf } from './problems-of.js';

const route: RouteDoc = {
  id: 'a',
  method: 'get',
  path: '/a',
  group: 'Apps',
  summary: '',
  access: 'no key',
  answers: [],
};

describe('the problems of a route', () => {
  it.each<[Partial<RouteDoc>, string[]]>([
    [{}, ['invalid_request', 'internal']],
    [{ access: 'any key' }, ['invalid_request', 'unauthorized', 'rate_limited', 'internal']],
    [
      { access: 'admin', query: z.object({}) },
      ['invalid_request', 'unauthorized', 'forbidden', 'rate_limited', 'internal'],
    ],
    [
      { access: 'proxy', path: '/a/{appId}' },
      ['invalid_request', 'unauthorized', 'forbidden', 'unknown_app', 'rate_limited', 'internal'],
    ],
    [
      { body: z.object({}), problems: ['conflict'] },
      ['invalid_request', 'payload_too_large', 'conflict', 'internal'],
    ],
    [{ access: 'key as secret', body: z.object({}) }, ['invalid_request']],
  ])('follow from its declaration %j', (more, expected) => {
    expect(problemsOf({ ...route, ...more })).toEqual(expected);
  });
});
