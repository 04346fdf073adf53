import type { Readable } from 'node:stream';
import { type Dispatcher, errors, Pool } from 'undici';
import { HttpProblem } from '../http/http-problem.js';
import type { Headers } from './proxy-headers.js';

const CONNECTIONS_MAX = 256;
const CONNECT_TIMEOUT_MS = 5_000;
/** From the end of the request; some of the platform's calls work on what they were sent. */
const ANSWER_TIMEOUT_MS = 30_000;
/** Between two pieces of an answer. */
const STALL_TIMEOUT_MS = 30_000;

export interface PlatformCall {
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
  /** @throws HttpProblem `upstream_unavailable` */
  call(call: PlatformCall): Promise<Dispatcher.ResponseData>;
  close(): Promise<void>;
}

export function createPlatformPool(baseUrl: string): PlatformPool {
  const { origin, pathname } = new URL(baseUrl);
  const prefix = pathname.replace(/\/$/, '');
  const pool = new Pool(origin, {
    connections: CONNECTIONS_MAX,
    connect: { timeout: CONNECT_TIMEOUT_MS },
    headersTimeout: ANSWER_TIMEOUT_MS,
    bodyTimeout: STALL_TIMEOUT_MS,
  });
  return {
    baseUrl: `${origin}${prefix}`,
    async call({ method, target, headers, body, signal }) {
      try {
        const path = `${prefix}${target}`;
        return await pool.request({ method: method as Dispatcher.HttpMethod, path, headers, body, signal });
      } catch (error) {
        throw unavailable(error);
      }
    },
    close: () => pool.destroy(),
  };
}

function unavailable(cause: unknown): HttpProblem {
  const code = (cause as NodeJS.ErrnoException).code ?? 'UNKNOWN';
  const what =
    cause instanceof errors.HeadersTimeoutError ||
    cause instanceof errors.ConnectTimeoutError ||
    (cause as Error).name === 'TimeoutError'
      ? 'WeChat did not answer in time'
      : `The connection to WeChat failed (${code})`;
  const detail = `${what}. The call may have been carried out all the same.`;
  return new HttpProblem('upstream_unavailable', { detail, retryAfterSeconds: 1 }, { cause });
}
