import { setTimeout as sleep } from 'node:timers/promises';
import type { AfterResponseHook, Got, Options, OptionsInit, RequestError, Response } from 'got';
import { cannotRepeat, TokenServerError, WeixinError } from '../errors.js';
import type { TokenSource } from '../token/token-source.js';
import { canRepeat, isRepeatableForm } from './can-repeat.js';
import { faultInBody } from './fault-in-body.js';
import { hideTokenIn, hideTokenOf } from './hide-token.js';
import { WechatCall } from './wechat-call.js';

/** What got's `context` may hold for, and holds from, this package. */
interface CallContext {
  /** `'own'`: the request brought a token of its own. */
  zhongkongCall?: WechatCall | 'own';
  zhongkongForm?: FormData;
  /** Set by the caller: this call may be repeated when the platform is busy, as a GET may. */
  safeToRepeat?: boolean;
}

/**
 * A got instance that puts the access token into the query of each request, and heals a dead one: one report, one
 * repetition, never more. A call that the platform is too busy for (errcode -1) is repeated up to twice if it is a GET, or
 * has `context: { safeToRepeat: true }`.
 *
 * A request that brings an `access_token` of its own is left alone, and so are streams (`api.stream`), whose answer got
 * does not show to anybody. The token goes to the first request's origin only, wherever the platform redirects to, and
 * cannot be seen in answers and errors.
 *
 * When the report fails, the platform's own answer is the result. Requests reject with got's errors, with
 * `TokenServerError` when there is no token, and with `WeixinError` when the token was dead and the body cannot be sent twice.
 */
export function withAccessToken(instance: Got, tokens: TokenSource): Got {
  return instance.extend({
    hooks: {
      init: [keepForm],
      beforeRequest: [(options) => addToken(options, tokens)],
      afterResponse: [(response, repeat) => heal(response as Response, repeat, tokens) as never],
      beforeError: [ownErrorOf],
    },
  });
}

function keepForm({ body }: OptionsInit, options: Options): void {
  if (isRepeatableForm(body)) (options.context as CallContext).zhongkongForm = body;
}

async function addToken(options: Pick<Options, 'context' | 'url'>, tokens: TokenSource): Promise<void> {
  const context = options.context as CallContext;
  const url = options.url as URL;
  context.zhongkongCall ??= url.searchParams.has('access_token')
    ? 'own'
    : new WechatCall(url.origin, context.zhongkongForm);
  const call = context.zhongkongCall;
  if (call === 'own') return;
  if (call.isAt(url)) call.putInto(url, await tokens.getAccessToken());
  else call.takeOutOf(url);
}

/** Where a request went, token and all, which its answer does not show any more; for whoever cleans a text of it. */
export function sentTo({ context, url }: Pick<Options, 'context' | 'url'>): URL {
  const call = (context as CallContext).zhongkongCall;
  return call instanceof WechatCall ? call.sentTo(url as URL) : (url as URL);
}

type Repeat = Parameters<AfterResponseHook>[1];

async function heal(response: Response, repeat: Repeat, tokens: TokenSource): Promise<Response> {
  const { options } = response.request;
  const call = (options.context as CallContext).zhongkongCall;
  if (!(call instanceof WechatCall)) return response;
  const fault = faultInBody(response.rawBody);
  if (fault !== undefined && call.isAt(options.url as URL)) {
    const dead = call.tokenToReport(fault);
    const isHealed = dead !== undefined && (await isReported(tokens, dead, fault.errcode));
    const again = repetition(call, options);
    if (isHealed && again === undefined) {
      const errmsg = fault.errmsg.replaceAll(dead, '…');
      throw cannotRepeat({ ...fault, errmsg }, (options.url as URL).pathname);
    }
    const pauseMs = isHealed ? 0 : call.pauseBeforeRepeating(fault, options, Math.random());
    if (again !== undefined && pauseMs !== undefined) {
      await sleep(pauseMs);
      return repeat(again) as unknown as Response;
    }
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

/** How to send it once more, or undefined when its body is used up. */
function repetition({ form }: WechatCall, { body }: Options): Parameters<Repeat>[0] | undefined {
  if (canRepeat(body)) return { preserveHooks: true };
  if (form === undefined) return undefined;
  // A form is written with a new boundary, which only got can put into the head.
  const headers = { 'content-type': undefined, 'content-length': undefined };
  return { preserveHooks: true, body: form, headers };
}

/** got wraps what a hook throws. */
function ownErrorOf(error: RequestError): RequestError {
  const { cause } = error;
  if (cause instanceof TokenServerError || cause instanceof WeixinError)
    return cause as Error as RequestError;
  return hideTokenIn(error);
}
