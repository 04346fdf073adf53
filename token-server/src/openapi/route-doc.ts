import type { ProblemCodeName } from '@zhongkong/shared';
import type { z } from 'zod';
import type { Scope } from '../config/config.js';

export type Method = 'get' | 'put' | 'post' | 'delete' | 'patch';

/** Headings of the reference, in its order. */
export const GROUPS = [
  'Access tokens',
  'Tickets',
  'Login',
  'Events',
  'Drop-in',
  'Proxy',
  'Apps',
  'Operation',
] as const;

/** One route as the reference tells of it. A test holds all of them against the routes that the server has. */
export interface RouteDoc {
  /** Name of the operation, for generated clients. */
  readonly id: string;
  readonly methods: readonly Method[];
  /** With parameters in braces: `/v1/apps/{appId}`. */
  readonly path: string;
  readonly group: (typeof GROUPS)[number];
  readonly summary: string;
  readonly description?: string;
  /** A scope; any valid key; none; or a key that stands where the platform takes the AppSecret. */
  readonly access: Scope | 'any key' | 'no key' | 'key as secret';
  /** The schemas that check the request; a parameter of the path without one is any text. */
  readonly params?: Readonly<Record<string, z.ZodType>>;
  readonly query?: z.ZodObject;
  readonly headers?: z.ZodObject;
  readonly body?: z.ZodType;
  readonly example?: RouteExample;
  readonly answers: readonly AnswerDoc[];
  /** Errors besides those that follow from the rest; see `problemsOf`. */
  readonly problems?: readonly ProblemCodeName[];
}

/** What the example of a call sends. */
export interface RouteExample {
  readonly query?: string;
  readonly body?: unknown;
  /** Further options of `curl`. */
  readonly curl?: string;
}

export interface AnswerDoc {
  /** `default`: any status that is not told of otherwise. */
  readonly status: number | 'default';
  readonly description: string;
  /** @defaultValue application/json, if there is a schema */
  readonly type?: string;
  readonly schema?: z.ZodType;
  /** Header name → meaning. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** The errors that a route can answer with: those that follow from what it asks for, then its own. */
export function problemsOf({ path, access, query, body, problems = [] }: RouteDoc): ProblemCodeName[] {
  // The drop-in paths have the platform's own faults.
  if (access === 'key as secret') return [...problems];
  const isOfAnApp = path.includes('{appId}');
  const isScoped = access !== 'any key' && access !== 'no key';
  return [
    ...when(isOfAnApp || query !== undefined || body !== undefined, 'invalid_request'),
    ...when(access !== 'no key', 'unauthorized'),
    ...when(isScoped, 'forbidden'),
    ...when(isOfAnApp, 'unknown_app'),
    ...when(body !== undefined, 'payload_too_large'),
    ...problems,
    'internal',
  ];
}

function when(condition: boolean, code: ProblemCodeName): ProblemCodeName[] {
  return condition ? [code] : [];
}
