import type { ProblemCodeName } from '@zhongkong/shared';
import type { Request, Response } from 'express';
import type { z } from 'zod';
import type { ClientSettings, Scope } from '../config/config.js';

export type Method = 'get' | 'put' | 'post' | 'delete' | 'patch' | 'any';

/** Headings of the reference, in its order. */
export const GROUPS = [
  'Access tokens',
  'Tickets',
  'Login',
  'Events',
  'Drop-in',
  'Proxy',
  'Apps',
  'Clients',
  'Operation',
  'Console',
] as const;

/**
 * Who may call a route: a client with this scope; any client; anybody; or a client whose key stands where WeChat takes
 * the AppSecret or a token. Such a route checks its input itself, in WeChat's order, and answers in WeChat's shape.
 */
export type Access = Scope | 'any key' | 'no key' | 'key as secret';

/** An answer as the reference describes it. */
export interface AnswerDoc {
  /** `default`: any status that is not described. */
  readonly status: number | 'default';
  readonly description: string;
  /** @defaultValue application/json, if there is a schema */
  readonly type?: string;
  readonly schema?: z.ZodType;
  /** Header name → meaning. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** What the example of a call sends. */
interface RouteExample {
  readonly query?: string;
  readonly body?: unknown;
  /** Further options of `curl`. */
  readonly curl?: string;
}

/** What a handler answers with. */
export interface Answer {
  /** @defaultValue 200 */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** An object is sent as JSON. */
  readonly body?: object | string;
  /** Becomes the `ETag`; a GET whose `If-None-Match` names it gets 304. */
  readonly version?: number;
}

/** A request that has passed the checks of its route. */
export interface Call<App, Client, Params, Query, Body> {
  readonly request: Request;
  readonly response: Response;
  readonly client: Client;
  /** The app in the path. */
  readonly app: App;
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
}

type Schema = z.ZodType | undefined;
type Output<S extends Schema> = S extends z.ZodType ? z.output<S> : undefined;
type AppIn<Path extends string, App> = Path extends `${string}{appId}${string}` ? App : undefined;
type ClientIn<A extends Access> = A extends 'no key' | 'key as secret' ? undefined : ClientSettings;

export interface RouteFacts {
  /** Name of the operation, for generated clients. */
  readonly id: string;
  readonly method: Method;
  /** With parameters in braces: `/v1/apps/{appId}`; `{+path}` at the end may hold slashes. */
  readonly path: string;
  readonly group: (typeof GROUPS)[number];
  readonly summary: string;
  readonly description?: string;
  readonly access: Access;
  readonly headers?: z.ZodObject;
  readonly example?: RouteExample;
  readonly answers: readonly AnswerDoc[];
  /** Errors besides those that follow from the rest of the declaration. */
  readonly problems?: readonly ProblemCodeName[];
  /** The app in the path may be one that does not exist; the handler gets none then. @defaultValue false */
  readonly isAppNew?: boolean;
  /** The route's name in the metrics. @defaultValue its path */
  readonly label?: string;
  /** Requests that the route leaves to those after it. @defaultValue none */
  readonly isFor?: (request: Request) => boolean;
  /** Answers a request without a key in place of the 401; undefined: the 401. */
  readonly withoutKey?: (request: Request) => Answer | undefined;
}

type Handlers<Services, C> =
  | { readonly handle: (services: Services, call: C) => Answer | Promise<Answer>; readonly raw?: never }
  /** Writes the answer itself. */
  | { readonly raw: (services: Services, call: C) => void | Promise<void>; readonly handle?: never };

/**
 * One route: what is checked before its handler runs, and all that the reference says of it. The schemas check the
 * request; a parameter of the path without a schema is any text.
 */
export type Route<Services, App> = RouteFacts & {
  readonly params?: Schema;
  readonly query?: Schema;
  readonly body?: Schema;
  /** Answers the methods that the path does not take. @defaultValue 405 with `Allow` */
  readonly otherMethods?: (services: Services, request: Request, response: Response) => void;
} & Handlers<Services, Call<App, ClientSettings, unknown, unknown, unknown>>;

/** Makes `defineRoute`, which lets handlers see the types that follow from the declaration. */
export function routesOf<Services, App>() {
  return <
    const Path extends string,
    const A extends Access,
    Params extends Schema = undefined,
    Query extends Schema = undefined,
    Body extends Schema = undefined,
  >(
    route: Omit<RouteFacts, 'path' | 'access'> &
      Pick<Route<Services, App>, 'otherMethods'> & {
        readonly path: Path;
        readonly access: A;
        readonly params?: Params;
        readonly query?: Query;
        readonly body?: Body;
      } & Handlers<
        Services,
        Call<AppIn<Path, App>, ClientIn<A>, Output<Params>, Output<Query>, Output<Body>>
      >,
  ): Route<Services, App> => route as unknown as Route<Services, App>;
}
