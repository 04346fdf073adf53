import { faultInBody, healOnce, isDeadTokenFault, type WechatFault } from '@zhongkong/shared';
import type { Got, Options, RequestError, Response } from 'got';
import { TokenServerError, WeixinError } from '../../errors.js';
import { cannotRepeat } from '../../to-weixin-error.js';
import type { TokenSource } from '../../token/token-source.js';
import { contextOf } from './call-context.js';
import { redactError, redactResponse } from './redact-token.js';
import { repeatTransientFaults } from './repeat.js';
import { changesToSendAgain, keepForm, type SendAgain } from './send-again.js';
import { WechatCall } from './wechat-call.js';

/** What is used of a got instance, 12 or later. */
export interface GotInstance {
  extend(...options: never[]): unknown;
  readonly defaults: object;
}

/**
 * A got instance that puts the access token into the query of each request, and heals a dead one: one report, one
 * repetition, never more. A call that failed in passing (the network, a gateway's page, errcode -1) is repeated up to
 * twice if it is a GET, or has `context: { safeToRepeat: true }`; got's `retry.limit` is the number, and 0 switches it off.
 *
 * A request that brings an `access_token` of its own is left alone, and so are streams (`api.stream`), whose answer got
 * shows to no hook. The token goes to the first request's origin only, wherever WeChat redirects to, and cannot be seen in
 * answers and errors.
 *
 * When the report fails, WeChat's own answer is the result. Requests reject with got's errors, with `TokenServerError`
 * when there is no token, and with `WeixinError` when the token was dead and the body cannot be sent twice.
 */
export function withAccessToken<T extends GotInstance>(instance: T, tokens: TokenSource): T {
  const healing = (instance as unknown as Got).extend({
    hooks: {
      init: [keepForm],
      beforeRequest: [(options) => addToken(options, tokens)],
      afterResponse: [(response, again) => heal(response as Response, again, tokens) as never],
      beforeError: [toOwnError],
    },
  });
  // Outside, so that the time that a token costs is no part of a try.
  return repeatTransientFaults(healing) as unknown as T;
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

/** got shows each answer to this hook, that of a repetition too. */
async function heal(first: Response, again: SendAgain, tokens: TokenSource): Promise<Response> {
  const { options } = first.request;
  const { zhongkongCall: call } = contextOf(options);
  if (!(call instanceof WechatCall)) return first;
  const fault = call.isAt(options.url as URL) ? deadTokenFaultIn(first) : undefined;
  const dead = fault && call.takeTokenToReport();
  const answer = dead === undefined ? first : await healWith(dead, { first, again, tokens });
  if (answer === first) redactResponse(first);
  return answer;
}

interface Healing {
  readonly first: Response;
  readonly again: SendAgain;
  readonly tokens: TokenSource;
}

function healWith(dead: string, { first, again, tokens }: Healing): Promise<Response> {
  const { options } = first.request;
  let sent = 0;
  return healOnce<Response>(dead, {
    async send() {
      sent += 1;
      if (sent === 1) return first;
      return again(changesToSendAgain(options) ?? {}) as unknown as Promise<Response>;
    },
    deadTokenErrcode: (answer) => deadTokenFaultIn(answer)?.errcode,
    report: (accessToken, errcode) => tokens.reportInvalid(accessToken, errcode).catch(() => undefined),
    canRepeat(answer) {
      if (changesToSendAgain(options) !== undefined) return true;
      throw cannotRepeat(deadTokenFaultIn(answer) as WechatFault, (options.url as URL).pathname, dead);
    },
  });
}

function deadTokenFaultIn({ rawBody }: Response): WechatFault | undefined {
  const fault = faultInBody(rawBody);
  return fault !== undefined && isDeadTokenFault(fault.errcode) ? fault : undefined;
}

/** got wraps what a hook throws. */
function toOwnError(error: RequestError): RequestError {
  const { cause } = error;
  if (cause instanceof TokenServerError || cause instanceof WeixinError)
    return cause as Error as RequestError;
  return redactError(error);
}
