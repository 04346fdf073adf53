import type { Request, Response } from 'express';
import type { Forward } from '../proxy/forward.js';
import { wechatTarget } from '../proxy/wechat-target.js';
import type { FindApp } from '../tokens/find-app.js';
import { faultOfCode } from './drop-in-fault.js';
import { faultOfCall } from './fault-of-error.js';
import { appOfToken, type KnownTokens } from './known-tokens.js';
import { sendWechatFault, type WechatShapeDeps } from './wechat-shape.js';

export interface RelayDeps extends WechatShapeDeps {
  readonly forward: Forward;
  readonly knownTokens: KnownTokens;
  readonly findApp: FindApp;
}

/** Paths of this server alone: WeChat has none that begin so. */
const OWN = /^\/(?:v1|proxy)(?:\/|$)/i;
/** The caller is known by its token only, which any client of the app may hold. */
const CLIENT = 'zhongkong: relay';

/** Where WeChat has its APIs. A call there is answered in WeChat's shape, even if it cannot be passed on. */
const WECHAT =
  /^\/(?:cgi-bin|sns|wxa|wxaapi|wxopen|datacube|card|customservice|cv|tcb|product|shop)(?:\/|$)/i;

export function isRelayed({ path, query }: Request): boolean {
  return WECHAT.test(path) || (query.access_token !== undefined && !OWN.test(path));
}

/**
 * A call of WeChat's API at the root of this server, by an SDK that has one base URL for everything. It carries a token
 * that this server gave out, which is all that WeChat would ask for; it is passed on with the current token.
 */
export async function relay(deps: RelayDeps, request: Request, response: Response): Promise<void> {
  const { forward, knownTokens, findApp } = deps;
  try {
    // First: a path that takes another token than the app's must not be answered with a code for a dead token.
    const target = wechatTarget(request.originalUrl);
    if (target.is !== 'target') throw faultOfCode(40066);
    const app = findApp(await appOfToken(request.query.access_token, knownTokens));
    if (app === undefined) throw faultOfCode(40001);
    await forward(request, response, { credential: app.token, target, mount: '', client: CLIENT });
  } catch (error) {
    sendWechatFault(deps, response, error, faultOfCall);
  }
}
