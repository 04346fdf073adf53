import express, { type ErrorRequestHandler, type Request, type RequestHandler, type Router } from 'express';
import type { Logger } from '../logger.js';
import { giveTicket } from './give-ticket.js';
import { type DropInTools, giveToken } from './give-token.js';
import { Handouts } from './handouts.js';
import type { KnownTokens } from './known-tokens.js';
import { PlatformFault } from './platform-fault.js';
import { sendPlatformAnswer } from './send-platform-answer.js';
import { parseObject, readOrder } from './token-order.js';

const BODY_MAX = '16kb';

/**
 * The platform's own paths, for SDKs that know nothing of us: they get our server as base URL, and a client key as
 * secret. Shapes, codes and content type are the platform's.
 */
export function createDropIn(
  tools: DropInTools & { readonly log: Logger; readonly knownTokens: KnownTokens },
): Router {
  const { engine, clock, log, knownTokens } = tools;
  const handouts = new Handouts();

  const answering =
    (answer: (request: Request) => Promise<object>): RequestHandler =>
    async (request, response) => {
      const body = await answer(request).catch((error: unknown) => faultOf(error, log).body(clock.nowMs()));
      sendPlatformAnswer(response, body);
    };
  const refusing = (errcode: 43001 | 43002) => answering(() => Promise.reject(new PlatformFault(errcode)));
  const give = async (fields: Readonly<Record<string, unknown>>, address = '') =>
    giveToken(tools, handouts, readOrder(fields), address);

  const router = express.Router();
  router
    .route('/cgi-bin/token')
    .get(answering(({ query, ip }) => give(query, ip)))
    .all(refusing(43001));
  router
    .route('/cgi-bin/stable_token')
    .post(
      // Whatever the type says: some SDKs send JSON as a form or as plain text.
      express.text({ type: () => true, limit: BODY_MAX }),
      answering(async ({ body, ip }) => give(parseObject(body), ip)),
    )
    .all(refusing(43002));
  router
    .route('/cgi-bin/ticket/getticket')
    .get(answering(({ query }) => giveTicket(engine, knownTokens, clock, query)))
    .all(refusing(43001));
  // A body that is too long, or in no encoding that we know.
  const unreadable: ErrorRequestHandler = (error, _request, response, next) => {
    if (response.headersSent) next(error);
    else sendPlatformAnswer(response, new PlatformFault(47001, { cause: error }).body(clock.nowMs()));
  };
  router.use(unreadable);
  return router;
}

function faultOf(error: unknown, log: Logger): PlatformFault {
  if (error instanceof PlatformFault) return error;
  log.error({ err: error }, 'a drop-in request failed');
  return new PlatformFault(-1);
}
