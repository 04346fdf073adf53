import type { CredentialRecord, RefreshEngine, StaleName, TicketType } from '@zhongkong/jobs';
import { type Clock, isLive, secondsLeft, sha256Hex } from '@zhongkong/shared';
import { ticketType } from '@zhongkong/shared/contract';
import express, { type Request, type RequestHandler, Router } from 'express';
import type { AppConfig, ClientSettings } from '../config/config.js';
import { TICKET_PATIENCE_MS } from '../http/get-ticket.js';
import type { Logger } from '../logger.js';
import { createKnownTokens } from './known-tokens.js';
import { faultBody, PlatformFault, sendAsPlatform } from './platform-fault.js';
import { jsonFields, readTokenRequest, type TokenRequest } from './read-request.js';
import { createRecentAnswers } from './recent-answers.js';

export interface DropInTools {
  readonly engine: RefreshEngine;
  readonly apps: readonly AppConfig[];
  readonly clients: readonly ClientSettings[];
  readonly clock: Clock;
  readonly log: Logger;
}

const READ_PATIENCE_MS = 3_000;
const NOT_HERE =
  'invalid url: of /cgi-bin this server answers token, stable_token and ticket/getticket; other APIs are called at WeChat, or under /proxy/{appId}';

/**
 * The platform's own token paths, answered by us: an SDK in any language becomes a client when its base URL is changed,
 * and a client key stands in the place of the secret. A token that lives costs no call of the platform. An SDK has no
 * way to say that its token is dead; what it does instead is taken for a hint: it comes back at once, asks by force, or
 * names its token.
 */
export function dropIn({ engine, apps, clients, clock, log }: DropInTools): Router {
  const byHash = new Map(clients.map((client) => [client.keySha256, client]));
  const lives = new Map(apps.map((app) => [app.appId, app.dropInMaxExpiresInSeconds]));
  const answers = createRecentAnswers();
  const tokens = createKnownTokens();
  engine.onToken((appId, record) => tokens.add(appId, record, clock.nowMs()));

  const answer =
    (work: (request: Request, response: express.Response) => Promise<object>): RequestHandler =>
    async (request, response) => {
      try {
        sendAsPlatform(response, await work(request, response));
      } catch (error) {
        const isFault = error instanceof PlatformFault;
        if (!isFault) log.error({ err: error }, 'a drop-in request failed');
        sendAsPlatform(response, faultBody(isFault ? error : new PlatformFault(-1), clock.nowMs()));
      }
    };

  async function token(
    fields: Readonly<Record<string, unknown>>,
    request: Request,
    response: express.Response,
  ) {
    const find = (key: string) => byHash.get(sha256Hex(key));
    const asked = readTokenRequest(fields, find, (appId) => engine.state(appId) !== undefined);
    response.locals.client = asked.client;
    const caller = `${asked.appId} ${asked.client.name} ${request.socket.remoteAddress}`;
    const record = (await followed(asked, caller)) ?? (await engine.awaitLive(asked.appId, READ_PATIENCE_MS));
    if (record === null) throw noToken(asked.appId);
    const nowMs = clock.nowMs();
    answers.note(caller, record.version, nowMs);
    tokens.add(asked.appId, record, nowMs);
    return { access_token: record.value, expires_in: lifeOf(asked.appId, record) };
  }

  /** Has the engine look at a token that seems to be dead. @returns the token to use now, if that is known */
  async function followed(asked: TokenRequest, caller: string): Promise<CredentialRecord | null> {
    const stale = hintOf(asked, caller);
    if (stale === undefined) return null;
    const reporter = { client: asked.client.name, isHint: true };
    const result = await engine.report(asked.appId, stale, reporter).catch((error: unknown) => {
      log.debug({ appId: asked.appId, err: error }, 'a hint could not be followed');
      return null;
    });
    const record = result?.record ?? null;
    return record !== null && isLive(record, clock.nowMs()) ? record : null;
  }

  function hintOf({ appId, forced, currentToken }: TokenRequest, caller: string): StaleName | undefined {
    const record = engine.state(appId)?.record;
    if (!record || !isLive(record, clock.nowMs())) return undefined;
    if (currentToken !== undefined) return { value: currentToken };
    const cameBack = answers.recent(caller, clock.nowMs()) === record.version;
    return forced || cameBack ? { version: record.version } : undefined;
  }

  async function ticket({ access_token: accessToken, type }: Request['query']) {
    if (typeof accessToken !== 'string' || accessToken === '') throw new PlatformFault(41001);
    const appId = tokens.appOf(accessToken, clock.nowMs());
    if (appId === undefined) throw new PlatformFault(40001);
    const known = ticketType.safeParse(type);
    if (!known.success) throw new PlatformFault(40097);
    const record = await engine.awaitLive(appId, TICKET_PATIENCE_MS, known.data);
    if (record === null) throw noToken(appId, known.data);
    return { errcode: 0, errmsg: 'ok', ticket: record.value, expires_in: lifeOf(appId, record) };
  }

  /** Short enough that an SDK which only looks at the clock comes back before a replaced token has died. */
  function lifeOf(appId: string, record: CredentialRecord): number {
    const most = lives.get(appId) ?? DROP_IN_MAX_EXPIRES_IN_SECONDS;
    return Math.min(most, secondsLeft(record, clock.nowMs()));
  }

  function noToken(appId: string, kind?: TicketType): PlatformFault {
    const failure = engine.state(appId, kind)?.failure;
    return failure?.errcode === undefined
      ? new PlatformFault(-1)
      : new PlatformFault(failure.errcode, failure.errmsg);
  }

  const router = Router({ caseSensitive: true, strict: true });
  const body = express.raw({ type: () => true, limit: '16kb' });
  const refuse = (errcode: 43001 | 43002) =>
    answer(async () => {
      throw new PlatformFault(errcode);
    });
  const fromQuery = answer((request, response) => token(request.query, request, response));
  router.route('/token').get(fromQuery).post(fromQuery).all(refuse(43001));
  router
    .route('/stable_token')
    .post(
      body,
      answer((request, response) => token(jsonFields(request.body), request, response)),
    )
    .all(refuse(43002));
  router
    .route('/ticket/getticket')
    .get(answer((request) => ticket(request.query)))
    .all(refuse(43001));
  router.use(
    answer(async () => {
      throw new PlatformFault(40066, NOT_HERE);
    }),
  );
  return router;
}

/**
 * Less than the five minutes for which the platform takes a replaced token, so that whoever goes by the clock alone
 * never uses a dead one.
 */
export const DROP_IN_MAX_EXPIRES_IN_SECONDS = 240;
