import { faultOf, parseWechatJson, type WechatFault } from '@zhongkong/shared';
import { CancelError, type Got, got, type OptionsOfTextResponseBody, RequestError, TimeoutError } from 'got';

/** What one call of the platform came to. */
export type UpstreamAnswer =
  | { readonly is: 'success'; readonly body: unknown }
  | { readonly is: 'fault'; readonly fault: WechatFault }
  /** No answer that can be read. `delivered: false` when the platform surely never saw the request. */
  | { readonly is: 'no-answer'; readonly detail: string; readonly delivered: boolean };

/** The connection was never made, so the platform cannot have acted on the request. */
const UNDELIVERED = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ECONNABORTED',
]);

/** What comes before the request is sent. */
const CONNECTING = new Set(['lookup', 'connect', 'secureConnect']);

/** Connecting gets a share only, so that a platform out of reach is told from one that does not answer. */
function timeoutsOf(timeoutMs: number) {
  const connectingMs = timeoutMs * 0.6;
  return { lookup: connectingMs, connect: connectingMs, secureConnect: connectingMs, request: timeoutMs };
}

/** What is asked for here is answered with less than a thousandth of it. */
const ANSWER_BYTES_MAX = 256 * 1024;

export interface Upstream {
  get(path: string, query: Record<string, string>, timeoutMs: number): Promise<UpstreamAnswer>;
  post(path: string, json: unknown, timeoutMs: number): Promise<UpstreamAnswer>;
}

/**
 * The platform's HTTP face: one try a call, no redirects (a query with a secret in it must not travel on), never
 * throws. Details hold no URL, since the query carries secrets.
 */
export function createUpstream(baseUrl: string): Upstream {
  const client = got.extend({
    prefixUrl: baseUrl,
    retry: { limit: 0 },
    followRedirect: false,
    throwHttpErrors: false,
    headers: { 'user-agent': 'zhongkong' },
  });
  return {
    get: (path, searchParams, timeoutMs) =>
      ask(client, path, { searchParams, timeout: timeoutsOf(timeoutMs) }),
    post: (path, json, timeoutMs) =>
      ask(client, path, { method: 'POST', json, timeout: timeoutsOf(timeoutMs) }),
  };
}

async function ask(client: Got, path: string, options: OptionsOfTextResponseBody): Promise<UpstreamAnswer> {
  try {
    const answer = client(path, options);
    answer.on('downloadProgress', ({ transferred }) => {
      if (transferred > ANSWER_BYTES_MAX) answer.cancel();
    });
    const { statusCode, body } = await answer;
    return read(statusCode, body);
  } catch (error) {
    return noAnswer(error);
  }
}

function read(statusCode: number, text: string): UpstreamAnswer {
  if (statusCode !== 200)
    return { is: 'no-answer', detail: `it answered HTTP ${statusCode}`, delivered: true };
  let body: unknown;
  try {
    body = parseWechatJson(text);
  } catch {
    const detail = text === '' ? 'it answered with an empty body' : 'its answer is no JSON';
    return { is: 'no-answer', detail, delivered: true };
  }
  const fault = faultOf(body);
  return fault === undefined ? { is: 'success', body } : { is: 'fault', fault };
}

function noAnswer(error: unknown): UpstreamAnswer {
  if (error instanceof CancelError)
    return { is: 'no-answer', detail: 'its answer is too long', delivered: true };
  if (error instanceof TimeoutError) {
    return { is: 'no-answer', detail: 'it did not answer in time', delivered: !CONNECTING.has(error.event) };
  }
  const code = error instanceof RequestError ? error.code : 'UNKNOWN';
  return { is: 'no-answer', detail: `the connection failed (${code})`, delivered: !UNDELIVERED.has(code) };
}
