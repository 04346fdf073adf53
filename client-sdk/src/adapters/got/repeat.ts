import { setTimeout as sleep } from 'node:timers/promises';
import { classifyCallFault, faultInBody } from '@zhongkong/shared';
import type { Got, Options, RequestError, Response, RetryFunction } from 'got';
import { TRANSIENT_CODES } from '../../http/network-error.js';
import { GATEWAY_STATUSES, wechatTries } from '../../http/wechat.js';
import { contextOf } from './call-context.js';
import { changesToSendAgain, keepForm, type SendAgain } from './send-again.js';

const SAFE_METHODS = new Set(['GET', 'HEAD']);
/** For an instance that waits for ever. */
const DEFAULT_TIMEOUT_MS = 10_000;

/**
 * A got instance that repeats what failed in passing: the network, a gateway's 502, 503 and 504, WeChat's errcode
 * -1. It repeats GET, HEAD, and what has `context: { safeToRepeat: true }`, never anything else, because the first one
 * may have been done all the same. It does so as often as got's `retry.limit` says (2 by default), further and further
 * apart, and spends no more time on all tries together than twice the time-out of one. An instance without a time-out
 * gets one of 10 s until an answer begins.
 */
export function repeatTransientFaults(instance: Got): Got {
  const { request, response } = instance.defaults.options.timeout;
  const isBounded = request !== undefined || response !== undefined;
  return instance.extend({
    ...(isBounded ? {} : { timeout: { response: DEFAULT_TIMEOUT_MS } }),
    retry: { calculateDelay: pauseAfterFailure },
    hooks: {
      init: [keepForm],
      beforeRequest: [beginTry],
      beforeRetry: [restoreBody],
      afterResponse: [(answer, again) => repeatBusy(answer as Response, again) as never],
    },
  });
}

/** A repetition gets no more than what is left of the time for all. */
function beginTry(options: Pick<Options, 'context' | 'timeout'>): void {
  const context = contextOf(options);
  const { request, response } = options.timeout;
  const tries = context.zhongkongTries ?? wechatTries(request ?? response ?? DEFAULT_TIMEOUT_MS);
  context.zhongkongTries = tries;
  const tryMs = tries.begin();
  if (request !== undefined) options.timeout.request = Math.min(request, tryMs);
  else if (response !== undefined) options.timeout.response = Math.min(response, tryMs);
}

/** got's question about every failure; 0 stands for no repetition. */
const pauseAfterFailure: RetryFunction = ({ error, retryAfter, computedValue }) => {
  // One that a hook has decided upon.
  if (error.name === 'RetryError') return computedValue;
  if (!isTransient(error)) return 0;
  return pauseBeforeNextOf(error.options, retryAfter) ?? 0;
};

function isTransient({ name, code, response }: RequestError): boolean {
  if (name === 'HTTPError') return response !== undefined && GATEWAY_STATUSES.has(response.statusCode);
  return TRANSIENT_CODES.has(code);
}

async function repeatBusy(response: Response, again: SendAgain): Promise<Response> {
  const { options } = response.request;
  const fault = faultInBody(response.rawBody);
  if (fault === undefined || classifyCallFault(fault.errcode) !== 'transient') return response;
  const pauseMs = pauseBeforeNextOf(options);
  const changes = changesToSendAgain(options);
  if (pauseMs === undefined || changes === undefined) return response;
  await sleep(pauseMs);
  return again(changes) as unknown as Response;
}

function pauseBeforeNextOf(options: Options, retryAfterMs?: number): number | undefined {
  const { safeToRepeat = SAFE_METHODS.has(options.method), zhongkongTries } = contextOf(options);
  if (!safeToRepeat || changesToSendAgain(options) === undefined) return undefined;
  return zhongkongTries?.fail({ triesMax: (options.retry.limit ?? 0) + 1, retryAfterMs });
}

/** got repeats by itself after a failure of the network, but would send a form's used-up body. */
function restoreBody({ name, options }: RequestError): void {
  const changes = name === 'RetryError' ? undefined : changesToSendAgain(options);
  if (changes !== undefined) options.merge(changes);
}
