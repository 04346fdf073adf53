import type { Readable } from 'node:stream';
import { CodedError } from '@zhongkong/shared';
import { type Dispatcher, errors, Pool } from 'undici';
import { type CallSlots, createCallSlots } from './call-slots.js';
import type { ProxyHeaders } from './proxy-headers.js';

/** Calls under way of one app. */
const CALLS_MAX = 256;
const SLOT_TIMEOUT_MS = 10_000;
const CONNECT_TIMEOUT_MS = 5_000;
/** From the end of the request to the headers of the answer; some of WeChat's calls work on what they were sent. */
const ANSWER_TIMEOUT_MS = 30_000;
/** Between two pieces of an answer. */
const STALL_TIMEOUT_MS = 30_000;

export interface WechatCall {
  /** Calls of one app may have to wait for each other, and for no others: one app cannot block the rest. */
  readonly appId: string;
  readonly method: string;
  /** Path and query. It holds the token, so it must not appear in any message. */
  readonly target: string;
  readonly headers: ProxyHeaders;
  readonly body: Readable | Buffer | null;
  /** Ends the call when nobody waits for its answer any longer. */
  readonly signal: AbortSignal;
}

/** The connections on which proxied calls go to WeChat, and to no other host. */
export interface WechatPool {
  readonly baseUrl: string;
  /** The answer's body must be read to its end, or destroyed. @throws CodedError `wechat_unreachable` */
  call(call: WechatCall): Promise<Dispatcher.ResponseData>;
  close(): Promise<void>;
}

export function createWechatPool(baseUrl: string): WechatPool {
  const { origin, pathname } = new URL(baseUrl);
  const prefix = pathname.replace(/\/$/, '');
  // The slots limit its connections: a call in the pool's own queue would not notice that nobody waits any longer.
  const pool = new Pool(origin, {
    connections: null,
    connect: { timeout: CONNECT_TIMEOUT_MS },
    headersTimeout: ANSWER_TIMEOUT_MS,
    bodyTimeout: STALL_TIMEOUT_MS,
  });
  const slotsByApp = new Map<string, CallSlots>();

  function slotsOf(appId: string): CallSlots {
    const slots = slotsByApp.get(appId) ?? createCallSlots(CALLS_MAX, SLOT_TIMEOUT_MS);
    slotsByApp.set(appId, slots);
    return slots;
  }

  return {
    baseUrl: `${origin}${prefix}`,
    async call({ appId, method, target, headers, body, signal }) {
      let giveBack = () => {};
      try {
        giveBack = await slotsOf(appId).take(signal);
        const path = `${prefix}${target}`;
        const answer = await pool.request({
          method: method as Dispatcher.HttpMethod,
          path,
          headers,
          body,
          signal,
        });
        answer.body.once('close', giveBack);
        return answer;
      } catch (cause) {
        giveBack();
        throw new CodedError(reasonOf(cause), { code: 'wechat_unreachable', cause });
      }
    },
    close: () => pool.destroy(),
  };
}

function reasonOf(cause: unknown): string {
  if (cause instanceof CodedError)
    return 'WeChat is slow, and too many calls are waiting for it. This call was not made.';
  const code = (cause as NodeJS.ErrnoException).code ?? 'UNKNOWN';
  const what =
    cause instanceof errors.HeadersTimeoutError || cause instanceof errors.ConnectTimeoutError
      ? 'WeChat did not answer in time'
      : `The connection to WeChat failed (${code})`;
  return `${what}. The call may have been carried out all the same.`;
}
