import { decompress, faultOf, jsonInBody, type WechatFault } from '@zhongkong/shared';
import { CancelError, type Got, got, type OptionsInit, RequestError, TimeoutError } from 'got';
import { agentsFor, type WayToWechat } from './agents.js';

/** The answer to one question to WeChat. */
export type WechatAnswer =
  /** A JSON object without an errcode, or with errcode 0. */
  | { readonly is: 'success'; readonly status: number; readonly body: Readonly<Record<string, unknown>> }
  | { readonly is: 'fault'; readonly fault: WechatFault }
  /** No answer that can be read. `mayBeDone: false` when WeChat surely never saw the question. */
  | { readonly is: 'no-answer'; readonly detail: string; readonly mayBeDone: boolean };

/** The connection was never made, or its certificate was rejected, so WeChat cannot have acted on the question. */
const NEVER_SENT =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ECONNABORTED|EPROTO|CERT_\w+|UNABLE_TO_\w+|SELF_SIGNED_\w+|DEPTH_ZERO_\w+|ERR_TLS_CERT_\w+|ERR_SSL_WRONG_VERSION_NUMBER)$/;

/** What comes before the request is sent. */
const CONNECTING = new Set(['lookup', 'connect', 'secureConnect']);

/** Connecting gets a share only, so that "out of reach" differs from "does not answer". */
export function timeoutsOf(timeoutMs: number) {
  const connectingMs = timeoutMs * 0.6;
  return { lookup: connectingMs, connect: connectingMs, secureConnect: connectingMs, request: timeoutMs };
}

/** Every answer that is expected here has less than a thousandth of this. */
export const ANSWER_BYTES_MAX = 256 * 1024;

/**
 * Puts questions to WeChat whose answers are short JSON: fetches, checks, logins. One try a question, no redirects (the
 * query carries secrets). Never throws. Details hold no URL.
 */
export interface WechatClient {
  /** Whom it asks. */
  readonly baseUrl: string;
  /** @param path without a leading slash @param timeoutMs for the whole question; connecting gets 60 % of it */
  get(path: string, query: Readonly<Record<string, string>>, timeoutMs: number): Promise<WechatAnswer>;
  post(path: string, json: object, timeoutMs: number): Promise<WechatAnswer>;
}

export function createWechatClient(baseUrl: string, way: WayToWechat = {}): WechatClient {
  const client = got.extend({
    prefixUrl: baseUrl,
    agent: agentsFor(way),
    retry: { limit: 0 },
    followRedirect: false,
    throwHttpErrors: false,
    // Gateways compress without being asked, and get the header wrong; `decompress` of our own copes with both.
    decompress: false,
    headers: { 'user-agent': 'zhongkong' },
  });
  return {
    baseUrl,
    get: (path, searchParams, timeoutMs) =>
      ask(client, path, { searchParams, timeout: timeoutsOf(timeoutMs) }),
    post: (path, json, timeoutMs) =>
      ask(client, path, { method: 'POST', json, timeout: timeoutsOf(timeoutMs) }),
  };
}

async function ask(client: Got, path: string, options: OptionsInit): Promise<WechatAnswer> {
  try {
    const answer = client(path, {
      ...options,
      responseType: 'buffer',
      resolveBodyOnly: false,
      isStream: false,
    });
    answer.on('downloadProgress', ({ transferred }) => {
      if (transferred > ANSWER_BYTES_MAX) answer.cancel();
    });
    const { statusCode, headers, rawBody } = await answer;
    return read(statusCode, decompress(rawBody, headers['content-encoding'], ANSWER_BYTES_MAX));
  } catch (error) {
    return noAnswer(error);
  }
}

/** The content decides, not the status: WeChat and the gateways before it send JSON under any. */
function read(status: number, bytes: Uint8Array): WechatAnswer {
  const body = jsonInBody(bytes) as Record<string, unknown> | undefined;
  if (body !== undefined) {
    const fault = faultOf(body);
    return fault === undefined ? { is: 'success', status, body } : { is: 'fault', fault };
  }
  // WeChat answers questions with status 200 and JSON. A redirect, a rejection or a page comes from a gateway on the way
  // (a company proxy, a login page), which did not pass the question on; not so a gateway that got no good answer (5xx).
  if (status !== 200) {
    const mayBeDone = status >= 500 && status !== 511;
    return { is: 'no-answer', detail: `it answered HTTP ${status}`, mayBeDone };
  }
  const isPage = /^\s*</.test(
    Buffer.from(bytes.subarray(0, 64))
      .toString('utf8')
      .replace(/^\uFEFF/, ''),
  );
  if (isPage)
    return { is: 'no-answer', detail: 'a web page was answered in place of JSON', mayBeDone: false };
  const detail = bytes.length === 0 ? 'it answered with an empty body' : 'its answer is no JSON';
  return { is: 'no-answer', detail, mayBeDone: true };
}

export function noAnswer(error: unknown): Extract<WechatAnswer, { is: 'no-answer' }> {
  if (error instanceof CancelError || error instanceof RangeError)
    return { is: 'no-answer', detail: 'its answer is too long', mayBeDone: true };
  if (error instanceof TimeoutError) {
    return { is: 'no-answer', detail: 'it did not answer in time', mayBeDone: !CONNECTING.has(error.event) };
  }
  const code = error instanceof RequestError ? error.code : 'UNKNOWN';
  return { is: 'no-answer', detail: `the connection failed (${code})`, mayBeDone: !NEVER_SENT.test(code) };
}
