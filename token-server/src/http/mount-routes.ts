import type { Express, Request, RequestHandler, Response } from 'express';
import type { ClientSettings } from '../config/config.js';
import { authorizeApp, authorizeScope } from './authenticate.js';
import type { Answer, Call, Route, RouteFacts } from './define-route.js';
import { etagOf, matchesEtag } from './etag.js';
import { HttpProblem } from './problem.js';
import { parseInput, readJson } from './read-input.js';
import { unknownApp } from './unknown-app.js';

export interface Mount<Services, App> {
  readonly services: Services;
  /** Called for calls that may take long: they end when the key is revoked. */
  readonly trackLongCall: (client: ClientSettings, response: Response) => void;
  /** @throws HttpProblem `unauthorized`; CodedError `too_many_guesses` */
  readonly authenticate: (request: Request) => Promise<ClientSettings>;
  readonly findApp: (appId: string) => App | undefined;
}

const EVERY_PATH = '/{+path}';

/** Gives every declared route its place in Express, with its checks in one order: key, scope, app, input. */
export function mountRoutes<Services, App>(
  express: Express,
  routes: readonly Route<Services, App>[],
  mount: Mount<Services, App>,
): void {
  for (const path of new Set(routes.map((route) => route.path))) {
    const ofPath = routes.filter((route) => route.path === path);
    // Not as a path of Express, which would decode it and refuse what it cannot decode.
    if (path === EVERY_PATH) {
      for (const route of ofPath) express.use(handlerOf(route, mount));
      continue;
    }
    const place = express.route(expressPath(path));
    for (const route of ofPath) place[route.method === 'any' ? 'all' : route.method](handlerOf(route, mount));
    if (ofPath.every(({ method }) => method !== 'any')) place.all(refuseMethod(ofPath, mount.services));
  }
}

/** `/proxy/{appId}/{+path}` in the words of Express: `/proxy/:appId/*path`. */
export function expressPath(path: string): string {
  return path.replace(/\{(\+?)(\w+)\}/g, (_match, plus: string, name: string) =>
    plus === '+' ? `*${name}` : `:${name}`,
  );
}

function handlerOf<Services, App>(route: Route<Services, App>, mount: Mount<Services, App>): RequestHandler {
  const label = route.label ?? expressPath(route.path);
  return async (request, response, next) => {
    if (route.isFor?.(request) === false) return next();
    response.locals.route = label;
    const withoutKey = route.withoutKey?.(request);
    if (withoutKey !== undefined) return send(withoutKey, request, response);
    response.set('cache-control', 'no-store');
    const call = await checkedCall(route, mount, request, response);
    if (route.raw !== undefined) await route.raw(mount.services, call);
    else send(await route.handle(mount.services, call), request, response);
  };
}

async function checkedCall<Services, App>(
  route: Route<Services, App>,
  { authenticate, findApp, trackLongCall }: Mount<Services, App>,
  request: Request,
  response: Response,
): Promise<Call<App, ClientSettings, unknown, unknown, unknown>> {
  const { access, params, query, body } = route;
  const call = { request, response, params: undefined, query: undefined, body: undefined };
  // These types promise a handler only what its declaration asks for.
  const nothing = undefined as unknown as ClientSettings & App;
  if (access === 'key as secret') return { ...call, client: nothing, app: nothing };
  const client = access === 'no key' ? nothing : await authenticate(request);
  if (access !== 'no key') response.locals.client = client.name;
  if (access !== 'no key' && access !== 'any key') authorizeScope(client, access);
  const app = route.path.includes('{appId}') ? appOf(route, request, client, findApp) : nothing;
  if (route.raw !== undefined && access !== 'no key') trackLongCall(client, response);
  return {
    ...call,
    client,
    app,
    params: params && parseInput(params, request.params, 'path'),
    query: query && parseInput(query, request.query, 'query'),
    body: body && parseInput(body, await readJson(request, response), 'body'),
  };
}

function appOf<App>(
  { isAppNew = false }: Pick<RouteFacts, 'isAppNew'>,
  request: Request,
  client: ClientSettings,
  findApp: (appId: string) => App | undefined,
): App {
  const appId = String(request.params.appId);
  authorizeApp(client, appId);
  const app = findApp(appId);
  if (app !== undefined || isAppNew) return app as App;
  throw unknownApp(appId);
}

function send({ status = 200, headers = {}, body, version }: Answer, request: Request, response: Response) {
  if (version !== undefined) {
    const etag = etagOf(version);
    response.set('etag', etag);
    if (isRead(request) && matchesEtag(request.get('if-none-match'), etag)) {
      response.status(304).end();
      return;
    }
  }
  response.status(status).set(headers);
  if (typeof body === 'object' && !Buffer.isBuffer(body)) response.json(body);
  else response.send(body);
}

function isRead({ method }: Request): boolean {
  return method === 'GET' || method === 'HEAD';
}

function refuseMethod<Services, App>(
  routes: readonly Route<Services, App>[],
  services: Services,
): RequestHandler {
  const otherMethods = routes[0]?.otherMethods;
  const allow = routes.map(({ method }) => method.toUpperCase()).join(', ');
  return (request, response) => {
    if (otherMethods !== undefined) return otherMethods(services, request, response);
    const detail = { en: `This path takes ${allow}.`, zh: `该路径只支持 ${allow}。` };
    throw new HttpProblem(detail, { code: 'method_not_allowed', headers: { allow } });
  };
}
