import type { RequestHandler } from 'express';
import { appOfToken } from '../drop-in/app-of-token.js';
import type { KnownTokens } from '../drop-in/known-tokens.js';
import { PlatformFault } from '../drop-in/platform-fault.js';
import { sendPlatformAnswer } from '../drop-in/send-platform-answer.js';
import { HttpProblem } from '../http/http-problem.js';
import type { Forward } from './forward.js';
import { platformTarget } from './platform-target.js';

/** Ours alone; the platform has no such paths. */
const OWN = /^\/(?:v1|proxy)(?:\/|$)/i;
/** Its caller is known by its token only, which any client of the app may hold. */
const CLIENT = 'zhongkong: relay';

/**
 * Calls of the platform's APIs at our root, by SDKs that have one base URL for everything. They carry a token that
 * we gave out, which is all that the platform would ask for; they are passed on with the current one.
 */
export function relay(forward: Forward, knownTokens: KnownTokens, nowMs: () => number): RequestHandler {
  return async (request, response, next) => {
    const { access_token: accessToken } = request.query;
    if (accessToken === undefined || OWN.test(request.path)) return next();
    response.locals.isRelayed = true;
    try {
      const appId = appOfToken(accessToken, knownTokens);
      const target = platformTarget(request.originalUrl);
      if (target.is !== 'target') throw new PlatformFault(40066);
      await forward(request, response, { appId, target, mount: '', client: CLIENT });
    } catch (error) {
      if (response.headersSent) throw error;
      sendPlatformAnswer(response, faultOf(error).body(nowMs()));
    }
  };
}

/** SDKs know the platform's own way of saying that it is busy. */
function faultOf(error: unknown): PlatformFault {
  if (error instanceof PlatformFault) return error;
  if (error instanceof HttpProblem) return new PlatformFault(-1, { cause: error });
  throw error;
}
