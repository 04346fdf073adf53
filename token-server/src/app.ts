import express, { type Express, type Request, type RequestHandler } from 'express';
import { createKeyGuard } from './clients/key-guard.js';
import type { OpenCalls } from './clients/open-calls.js';
import type { ClientSettings, Config } from './config/config.js';
import { trustOf } from './config/trust-proxy.js';
import { isOfConsole, sessionCookie } from './console/sessions.js';
import { createDoctor, type DoctorDeps } from './doctor/server-doctor.js';
import { createKnownTokens } from './drop-in/known-tokens.js';
import { LastAnswers } from './drop-in/last-answers.js';
import type { SharedMemory } from './drop-in/shared-memory.js';
import { createFastLane, type FastLane } from './fast-lane/fast-lane.js';
import { createAccessLog } from './http/access-log.js';
import { authenticate } from './http/authenticate.js';
import { callerAddress } from './http/caller-address.js';
import { limitHeaders } from './http/limit-headers.js';
import { expressPath, mountRoutes } from './http/mount-routes.js';
import { observeRequests } from './http/observe-requests.js';
import { HttpProblem } from './http/problem.js';
import { identifyRequests } from './http/request-id.js';
import { createErrorHandler } from './http/send-problem.js';
import { openApiDocument } from './openapi/openapi-document.js';
import { packageVersion } from './package-version.js';
import { limitQuestions } from './proxy/call-slots.js';
import { createForward } from './proxy/forward.js';
import type { WechatPool } from './proxy/wechat-pool.js';
import { leadToConsole } from './routes/console.js';
import { ROUTES } from './routes/routes.js';
import type { Services } from './routes/services.js';
import { getAccessToken } from './routes/token.js';
import { createFindApp } from './tokens/find-app.js';

/** Logins of one app that are under way at a time, and how long a further one waits. */
const LOGINS_MAX = 256;
const LOGIN_WAIT_MS = 10_000;

type MadeHere = 'doctor' | 'findApp' | 'keyGuard' | 'forward' | 'knownTokens' | 'lastAnswers' | 'reference';

export interface AppDeps extends Omit<Services, MadeHere> {
  readonly openCalls: OpenCalls;
  readonly requests: Pick<Config, 'trustedProxies' | 'accessLog' | 'tracing'> &
    DoctorDeps['config'] & {
      /** For tests, which compare both ways. @defaultValue always */
      readonly isFastLaneOpen?: (() => boolean) | undefined;
    };
  readonly target: DoctorDeps['target'];
  /** Begins a trace for each request. */
  readonly traceRequests: RequestHandler;
  /** The connections for proxied calls. */
  readonly pool: WechatPool;
  /** What the drop-in paths remember together with other servers. */
  readonly sharedMemory: SharedMemory;
}

export interface HttpFace {
  readonly app: Express;
  /** Gets each request before `app` does. */
  readonly fastLane: FastLane;
}

/** The HTTP face: what every request passes, and the routes. */
export function createApp(appDeps: AppDeps): HttpFace {
  const { openCalls, requests, target, traceRequests, pool, sharedMemory, ...deps } = appDeps;
  const { isFastLaneOpen = () => true } = requests;
  const { engine, apps, clients, lastUsed, clock, log, metrics } = deps;
  function findKey(key: string): ClientSettings | undefined {
    const client = clients.find(key);
    if (client !== undefined) lastUsed.note(client.keyId);
    return client;
  }
  const keyGuard = createKeyGuard({ findKey, log, metrics });
  /** By a client key; without one, by the session of the console. */
  async function authenticateRequest(request: Request): Promise<ClientSettings> {
    const authorization = request.get('authorization');
    if (authorization === undefined && isOfConsole(request.headers)) {
      const signedIn = await deps.sessions.find(request.get('cookie'));
      const { client, renewed } = signedIn ?? {};
      if (renewed !== undefined) request.res?.set('set-cookie', sessionCookie(renewed, request.secure));
      if (client !== undefined) return client;
    }
    return authenticate(authorization, (key) => keyGuard.find([key], callerAddress(request)));
  }
  const services: Services = {
    ...deps,
    doctor: createDoctor({ ...deps, target, config: requests }),
    wechat: limitQuestions(deps.wechat, LOGINS_MAX, LOGIN_WAIT_MS),
    keyGuard,
    findApp: createFindApp(engine, apps),
    forward: createForward({ wechat: pool, clock, log }),
    knownTokens: createKnownTokens(engine, clock, sharedMemory),
    lastAnswers: new LastAnswers(sharedMemory),
    reference: openApiDocument(ROUTES, packageVersion()),
  };

  const app = express();
  app.disable('x-powered-by').disable('etag').set('query parser', 'simple');
  // Express would answer 304 to `If-None-Match: *` anywhere; routes with versions compare the header themselves.
  Object.defineProperty(app.request, 'fresh', { value: false });
  app.set('trust proxy', trustOf(requests.trustedProxies));
  app.use(identifyRequests);
  app.use(traceRequests);
  app.use(observeRequests(createAccessLog(log, requests.accessLog), metrics));
  app.use(limitHeaders);
  app.use(leadToConsole);
  mountRoutes(app, ROUTES, {
    services,
    findApp: services.findApp,
    trackLongCall: (client, response) => openCalls.track(client.consoleOf ?? client, response),
    authenticate: (request) => authenticateRequest(request),
  });
  app.use(() => {
    const detail = { en: 'There is nothing at this path.', zh: '这个路径下什么都没有。' };
    throw new HttpProblem(detail, { code: 'not_found' });
  });
  app.use(createErrorHandler(log, clock));
  const isEachTold = requests.accessLog === 'all' || requests.tracing !== undefined;
  const fastLane = createFastLane({
    engine,
    apps,
    clients,
    keyGuard,
    clock,
    metrics,
    route: expressPath(getAccessToken.path),
    // What has to know of each request stands on the ordinary way.
    isOpen: () => !isEachTold && !log.isLevelEnabled('debug') && isFastLaneOpen(),
  });
  return { app, fastLane };
}
