import { classifyCallFault, faultOf } from '@zhongkong/shared';
import { exchange, type Fetch, type HttpAnswer, type HttpRequest } from './exchange.js';
import { isTransient, type NetworkError } from './network-error.js';
import { repeat, Tries, type Verdict } from './tries.js';

/** How often a call of WeChat that failed in passing is sent, and how far apart. */
const WECHAT_RETRIES = { triesMax: 3, firstPauseMs: 500, maxPauseMs: 2_000 } as const;
/** All tries of a call together, in time-outs of one. */
const WECHAT_TIMEOUTS_MAX = 2;
/** A gateway stands in for WeChat. */
export const GATEWAY_STATUSES: ReadonlySet<number> = new Set([502, 503, 504]);

export interface WechatRequestOptions {
  readonly fetch: Fetch;
  /** Longest wait for one answer. */
  readonly timeoutMs: number;
  /** Whether it may be sent again when it is not known what became of it. */
  readonly isSafe: boolean;
  readonly closed?: AbortSignal | undefined;
  /** The tries left, when the call has been sent before. */
  readonly tries?: Tries | undefined;
}

export function wechatTries(timeoutMs: number): Tries {
  return new Tries({ ...WECHAT_RETRIES, tryMs: timeoutMs, wholeMs: timeoutMs * WECHAT_TIMEOUTS_MAX });
}

/**
 * One request to WeChat; what failed in passing is repeated if that is safe.
 * @returns the answer, whatever its status @throws NetworkError
 */
export function requestWechat(
  request: HttpRequest,
  { fetch, timeoutMs, isSafe, closed, tries = wechatTries(timeoutMs) }: WechatRequestOptions,
): Promise<HttpAnswer> {
  const verdict = (may: boolean, value: Verdict = {}) => (isSafe && may ? value : undefined);
  return repeat(tries, {
    closed,
    attempt: (ms) => exchange(fetch, request, { timeoutMs: ms, closed }),
    judge: (answer) => verdict(isBusy(answer), { retryAfterMs: retryAfterMsOf(answer) }),
    judgeError: (error) => verdict(isTransient(error as NetworkError)),
  });
}

/** WeChat's errcode -1, or a gateway that cannot reach it. */
function isBusy({ status, json }: HttpAnswer): boolean {
  if (GATEWAY_STATUSES.has(status)) return true;
  const fault = faultOf(json);
  return fault !== undefined && classifyCallFault(fault.errcode) === 'transient';
}

function retryAfterMsOf({ status, headers }: HttpAnswer): number {
  const seconds = GATEWAY_STATUSES.has(status) ? Number(headers.get('retry-after')) : 0;
  return Number.isFinite(seconds) ? seconds * 1_000 : 0;
}
