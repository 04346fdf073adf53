import type { Got, OptionsOfJSONResponseBody, Response } from 'got';
import { TokenServerError } from '../errors.js';
import { pause } from './pause.js';
import { pauseBeforeRepeating, TRY_SHARE } from './repeat-rules.js';
import { startStopwatch } from './stopwatch.js';
import { toTokenServerError } from './token-server-fault.js';

/** One question to the token server. @throws what `toTokenServerError` takes, TokenServerError `client_closed` among it */
export type TokenServerAsk = (url: string, request: OptionsOfJSONResponseBody) => Promise<Response<unknown>>;

export interface AskOptions {
  /** Of the whole question, repetitions included. */
  readonly timeoutMs: number;
  readonly closed: AbortSignal;
}

/** Repeats what may be repeated inside the time-out, at the pace that the server asks for. */
export function createTokenServerAsk(client: Got, { timeoutMs, closed }: AskOptions): TokenServerAsk {
  return async (url, request) => {
    const asked = startStopwatch();
    for (let tries = 1; ; tries += 1) {
      const leftMs = timeoutMs - asked.steadyMs();
      const tryMs = Math.min(leftMs, timeoutMs * TRY_SHARE);
      try {
        return await askOnce(client, url, request, { timeoutMs: tryMs, closed });
      } catch (thrown) {
        const error = toTokenServerError(thrown);
        const failed = { error, tries, leftMs: timeoutMs - asked.steadyMs(), random: Math.random() };
        const pauseMs = pauseBeforeRepeating(failed);
        // Whoever asked may know more of the answer than its code.
        if (pauseMs === undefined) throw thrown;
        await pause(pauseMs, closed);
        if (closed.aborted) throw clientClosed();
      }
    }
  };
}

/**
 * One try, with a time-out that nothing can lose: a signal of `AbortSignal.timeout` that only `AbortSignal.any` knows may
 * be collected before it fires (Node.js 20).
 */
export async function askOnce(
  client: Got,
  url: string,
  request: OptionsOfJSONResponseBody,
  { timeoutMs, closed }: AskOptions,
) {
  if (closed.aborted) throw clientClosed();
  const over = new AbortController();
  const end = () => over.abort();
  const timer = setTimeout(end, timeoutMs).unref();
  closed.addEventListener('abort', end);
  try {
    return await client<unknown>(url, { ...request, responseType: 'json', signal: over.signal });
  } catch (error) {
    throw closed.aborted ? clientClosed() : error;
  } finally {
    clearTimeout(timer);
    closed.removeEventListener('abort', end);
  }
}

function clientClosed(): TokenServerError {
  return new TokenServerError({ code: 'client_closed', status: 0, detail: 'this client was closed' });
}
