import { faultInBody, healOnce, isDeadTokenFault, type WechatFault } from '@zhongkong/shared';
import { type Fetch, nodeFetch } from '../http/exchange.js';
import { cannotRepeat } from '../to-weixin-error.js';
import type { TokenSource } from '../token/token-source.js';
import { isUsedUp } from './used-up-body.js';

type Input = Parameters<Fetch>[0];
type Init = NonNullable<Parameters<Fetch>[1]>;

/** A fault is short; what is longer is content, and not read here. */
const FAULT_BYTES_MAX = 16_384;

/**
 * A `fetch` that puts the access token into the query of each request, and heals a dead one: one report and one
 * repetition, never more. A request that brings an `access_token` of its own is left alone. Redirects are not followed,
 * unless the request says otherwise: they would carry the token to strangers.
 *
 * When the report fails, WeChat's own answer is the result. It rejects with what fetch rejects with, with
 * `TokenServerError` when there is no token, and with `WeixinError` when the token was dead and the body is a stream, which
 * cannot be sent twice.
 * @param fetch Node's own, or one of yours @defaultValue `globalThis.fetch`
 */
export function withAccessToken(fetch: Fetch | undefined, tokens: TokenSource): Fetch {
  const send = fetch ?? nodeFetch;
  return async (input, init) => {
    const { url, ...request } = await toRequest(input, init);
    if (url.searchParams.has('access_token')) return send(input, init);
    const accessToken = await tokens.getAccessToken();
    const answer = await healOnce<Answer>(accessToken, {
      send: (token) => sendWith(send, url, request.init, token),
      deadTokenErrcode: ({ fault }) => fault?.errcode,
      report: (token, errcode) => tokens.reportInvalid(token, errcode).catch(() => undefined),
      canRepeat({ fault }) {
        if (!isUsedUp(request.init.body)) return true;
        throw cannotRepeat(fault as WechatFault, url.pathname, accessToken);
      },
    });
    return answer.response;
  };
}

interface Answer {
  readonly response: Response;
  /** When the token is dead. */
  readonly fault: WechatFault | undefined;
}

async function sendWith(send: Fetch, url: URL, init: Init, accessToken: string): Promise<Answer> {
  const withToken = new URL(url);
  withToken.searchParams.set('access_token', accessToken);
  const response = await send(withToken, init);
  const fault = await faultOf(response);
  // Loggers print a response with its URL.
  Object.defineProperty(response, 'url', { value: url.href });
  return { response, fault: fault && isDeadTokenFault(fault.errcode) ? fault : undefined };
}

/** A Request is taken apart, so that its body can be sent twice. */
async function toRequest(input: Input, init: Init = {}): Promise<{ url: URL; init: Init }> {
  const base = { redirect: 'manual', ...init } as Init;
  if (!(input instanceof Request)) return { url: new URL(input), init: base };
  const { method, headers, body, signal, redirect } = new Request(input, init);
  const bytes = body === null ? undefined : await new Response(body).arrayBuffer();
  return {
    url: new URL(input.url),
    init: { ...base, method, headers, signal, redirect, body: bytes ?? null },
  };
}

/** The fault in an answer whose body the caller can still read. */
async function faultOf(response: Response): Promise<WechatFault | undefined> {
  if (Number(response.headers.get('content-length') ?? 0) > FAULT_BYTES_MAX || response.body === null)
    return undefined;
  const chunks: Uint8Array[] = [];
  let length = 0;
  const reader = (response.clone().body as NonNullable<typeof response.body>).getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return faultInBody(Buffer.concat(chunks));
    chunks.push(value);
    length += value.length;
    if (length <= FAULT_BYTES_MAX && mayBeJson(chunks[0])) continue;
    // The caller reads on; nothing more is kept for us.
    reader.cancel().catch(() => {});
    return undefined;
  }
}

/** White space, a byte order mark, or a brace. */
function mayBeJson([first = 0]: Uint8Array = new Uint8Array()): boolean {
  return [0x09, 0x0a, 0x0d, 0x20, 0x7b, 0xef].includes(first);
}
