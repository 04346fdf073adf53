import type { Readable } from 'node:stream';
import { type Dispatcher, errors, Pool } from 'undici';
import { HttpProblem } from '../http/http-problem.js';
import { type CallSlots, createCallSlots, NoSlotError } from './call-slots.js';
import type { Headers } from './proxy-headers.js';

/** Of one lane. */
const CALLS_MAX = 256;
const SLOT_TIMEOUT_MS = 10_000;
const CONNECT_TIMEOUT_MS = 5_000;
/** From the end of the request; some of the platform's calls work on what they were sent. */
const ANSWER_TIMEOUT_MS = 30_000;
/** Between two pieces of an answer. */
const STALL_TIMEOUT_MS = 30_000;

export interface PlatformCall {
  /** Calls of one lane may have to wait for each other, and for no others: one app cannot hold up the rest. */
  readonly lane: string;
  readonly method: string;
  /** Path and query; with the token in it, so it appears in no message. */
  readonly target: string;
  readonly headers: Headers;
  readonly body: Readable | Buffer | null;
  /** Ends the call when nobody waits for its answer any longer. */
  readonly signal: AbortSignal;
}

/** The connections on which proxied calls go to the platform, and to nobody else. */
export interface PlatformPool {
  readonly baseUrl: string;
  /** The answer's body has to be read to its end, or destroyed. @throws HttpProblem `upstream_unavailable` */
  call(call: PlatformCall): Promise<Dispatcher.ResponseData>;
  close(): Promise<void>;
}

export function createPlatformPool(baseUrl: string): PlatformPool {
  const { origin, pathname } = new URL(baseUrl);
  const prefix = pathname.replace(/\/$/, '');
  // The slots bound its connections: a call that it had to queue would not even notice that nobody waits any longer.
  const pool = new Pool(origin, {
    connections: null,
    connect: { timeout: CONNECT_TIMEOUT_MS },
    headersTimeout: ANSWER_TIMEOUT_MS,
    bodyTimeout: STALL_TIMEOUT_MS,
  });
  const lanes = new Map<string, CallSlots>();

  function slotsOf(lane: string): CallSlots {
    const slots = lanes.get(lane) ?? createCallSlots(CALLS_MAX, SLOT_TIMEOUT_MS);
    lanes.set(lane, slots);
    return slots;
  }

  return {
    baseUrl: `${origin}${prefix}`,
    async call({ lane, method, target, headers, body, signal }) {
      let giveBack = () => {};
      try {
        giveBack = await slotsOf(lane).take(signal);
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
      } catch (error) {
        giveBack();
        throw unavailable(error);
      }
    },
    close: () => pool.destroy(),
  };
}

function unavailable(cause: unknown): HttpProblem {
  return new HttpProblem('upstream_unavailable', { detail: whyNot(cause), retryAfterSeconds: 1 }, { cause });
}

function whyNot(cause: unknown): string {
  if (cause instanceof NoSlotError)
    return 'WeChat is slow, and too many calls wait for it. This one was not made.';
  const code = (cause as NodeJS.ErrnoException).code ?? 'UNKNOWN';
  const what =
    cause instanceof errors.HeadersTimeoutError ||
    cause instanceof errors.ConnectTimeoutError ||
    (cause as Error).name === 'TimeoutError'
      ? 'WeChat did not answer in time'
      : `The connection to WeChat failed (${code})`;
  return `${what}. The call may have been carried out all the same.`;
}
