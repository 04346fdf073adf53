import { faultInBody } from '@zhongkong/shared';
import type { Got, Options, RequestError, Response } from 'got';
import { cannotRepeat, TokenServerError, WeixinError } from '../errors.js';
import type { TokenSource } from '../token/token-source.js';
import { contextOf } from './call-context.js';
import { hideTokenIn, hideTokenOf } from './hide-token.js';
import { repeatTransientFaults } from './repeat-transient-faults.js';
import { changesToSendAgain, keepForm, type SendAgain } from './send-again.js';
import { WechatCall } from './wechat-call.js';

/**
 * A got instance that puts the access token into the query of each request, and heals a dead one: one report, one
 * repetition, never more. A call that failed in passing (the network, a gateway's page, errcode -1) is repeated up to
 * twice if it is a GET, or has `context: { safeToRepeat: true }`; got's `retry.limit` is the number, and 0 switches it off.
 *
 * A request that brings an `access_token` of its own is left alone, and so are streams (`api.stream`), whose answer got
 * does not show to anybody. The token goes to the first request's origin only, wherever the platform redirects to, and
 * cannot be seen in answers and errors.
 *
 * When the report fails, the platform's own answer is the result. Requests reject with got's errors, with
 * `TokenServerError` when there is no token, and with `WeixinError` when the token was dead and the body cannot be sent twice.
 */
export function withAccessToken(instance: Got, tokens: TokenSource): Got {
  const healing = instance.extend({
    hooks: {
      init: [keepForm],
      beforeRequest: [(options) => addToken(options, tokens)],
      afterResponse: [(response, again) => heal(response as Response, again, tokens) as never],
      beforeError: [ownErrorOf],
    },
  });
  // Outside, so that the time that a token costs is no part of a try.
  return repeatTransientFaults(healing);
}

async function addToken(options: Pick<Options, 'context' | 'url'>, tokens: TokenSource): Promise<void> {
  const context = contextOf(options);
  const url = options.url as URL;
  context.zhongkongCall ??= url.searchParams.has('access_token') ? 'own' : new WechatCall(url.origin);
  const call = context.zhongkongCall;
  if (call === 'own') return;
  if (call.isAt(url)) call.putInto(url, await tokens.getAccessToken());
  else call.takeOutOf(url);
}

/** Where a request went, token and all, which its answer does not show any more; for whoever cleans a text of it. */
export function sentTo(options: Pick<Options, 'context' | 'url'>): URL {
  const { zhongkongCall: call } = contextOf(options);
  return call instanceof WechatCall ? call.sentTo(options.url as URL) : (options.url as URL);
}

async function heal(response: Response, again: SendAgain, tokens: TokenSource): Promise<Response> {
  const { options } = response.request;
  const { zhongkongCall: call } = contextOf(options);
  if (!(call instanceof WechatCall)) return response;
  const fault = faultInBody(response.rawBody);
  const dead = fault !== undefined && call.isAt(options.url as URL) ? call.tokenToReport(fault) : undefined;
  if (fault !== undefined && dead !== undefined && (await isReported(tokens, dead, fault.errcode))) {
    const changes = changesToSendAgain(options);
    if (changes !== undefined) return again(changes) as unknown as Response;
    throw cannotRepeat(fault, (options.url as URL).pathname, dead);
  }
  hideTokenOf(response);
  return response;
}

async function isReported(tokens: TokenSource, dead: string, errcode: number): Promise<boolean> {
  try {
    await tokens.reportInvalid(dead, errcode);
    return true;
  } catch {
    return false;
  }
}

/** got wraps what a hook throws. */
function ownErrorOf(error: RequestError): RequestError {
  const { cause } = error;
  if (cause instanceof TokenServerError || cause instanceof WeixinError)
    return cause as Error as RequestError;
  return hideTokenIn(error);
}
