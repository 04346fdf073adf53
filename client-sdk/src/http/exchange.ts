import { jsonInBody } from '@zhongkong/shared';
import { NetworkError, toNetworkError } from './network-error.js';

/** Node's own, or one of the user's. */
export type Fetch = typeof globalThis.fetch;

/** Looked up at each call, so that whatever the host puts in its place later is used. */
export const nodeFetch: Fetch = (input, init) => globalThis.fetch(input, init);

export interface HttpRequest {
  readonly method: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: string | Uint8Array | undefined;
}

/** A whole answer, decompressed. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Buffer;
  /** The JSON object in the body, whatever its content type; undefined when there is none. */
  readonly json: object | undefined;
}

export interface ExchangeLimits {
  /** For connecting, the first byte and the whole body together. Node gives up connecting after 10 s anyway. */
  readonly timeoutMs: number;
  /** Ends the request. */
  readonly closed?: AbortSignal | undefined;
}

/** More than any API of WeChat answers; bounds what one answer may cost. */
const BODY_BYTES_MAX = 64 * 1024 * 1024;

/**
 * One request and its whole answer, whatever its status. Redirects are not followed: they would carry tokens and keys
 * to strangers.
 * @throws NetworkError and nothing else
 */
export async function exchange(
  fetch: Fetch,
  { url, method, headers, body: sent }: HttpRequest,
  { timeoutMs, closed }: ExchangeLimits,
): Promise<HttpAnswer> {
  const limit = startLimit(timeoutMs, closed);
  try {
    const init = { method, redirect: 'manual', signal: limit.signal } as RequestInit;
    if (headers !== undefined) init.headers = headers;
    if (sent !== undefined) init.body = sent as NonNullable<RequestInit['body']>;
    const response = await fetch(url, init);
    const body = await readBody(response);
    return { status: response.status, headers: response.headers, body, json: jsonInBody(body) };
  } catch (error) {
    throw toNetworkError(limit.signal.aborted ? limit.signal.reason : error);
  } finally {
    limit.end();
  }
}

interface Limit {
  readonly signal: AbortSignal;
  /** To be called when the work is over, or time starts anew. */
  end(): void;
}

/**
 * A signal that comes after a time, or when `closed` does. Not `AbortSignal.timeout`: a signal of that kind that only
 * `AbortSignal.any` knows may be collected before it fires (Node.js 20).
 */
function startLimit(timeoutMs: number, closed: AbortSignal | undefined): Limit {
  const controller = new AbortController();
  const close = () => controller.abort(new NetworkError('the request was ended', { code: 'ABORTED' }));
  const timer = setTimeout(() => {
    controller.abort(new NetworkError('nothing came in time', { code: 'ETIMEDOUT' }));
  }, timeoutMs).unref();
  if (closed?.aborted) close();
  closed?.addEventListener('abort', close);
  return {
    signal: controller.signal,
    end() {
      clearTimeout(timer);
      closed?.removeEventListener('abort', close);
    },
  };
}

async function readBody(response: Response): Promise<Buffer> {
  const { body, headers } = response;
  const declared = headers.get('content-length');
  // What is declared and not compressed cannot grow.
  if (
    body === null ||
    (declared !== null && Number(declared) <= BODY_BYTES_MAX && !headers.has('content-encoding'))
  )
    return Buffer.from(await response.arrayBuffer());
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) {
    length += chunk.length;
    if (length > BODY_BYTES_MAX)
      throw new NetworkError(`the answer has more than ${BODY_BYTES_MAX / 1024 / 1024} MiB`, {
        code: 'E2BIG',
      });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, length);
}
