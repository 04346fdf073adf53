import type { LookupFunction } from 'node:net';
import type { Readable } from 'node:stream';
import { type Bilingual, BilingualError, CONNECT_ATTEMPT_MS, CodedError } from '@zhongkong/shared';
import { type Dispatcher, errors, Pool, ProxyAgent } from 'undici';
import { type CallSlots, createCallSlots } from './call-slots.js';
import type { ProxyHeaders } from './proxy-headers.js';

/** Calls under way of one app, and of one client of it: no key can take all places of an app. */
const CALLS_MAX = 256;
const CALLS_PER_CLIENT_MAX = 192;
const SLOT_TIMEOUT_MS = 10_000;
const CONNECT_TIMEOUT_MS = 5_000;
/** From the end of the request to the headers of the answer; some of WeChat's calls work on what they were sent. */
const ANSWER_TIMEOUT_MS = 30_000;
/** Between two pieces of an answer. */
const STALL_TIMEOUT_MS = 30_000;
/** An idle connection ends before WeChat ends it, so that no call is sent into a closing connection. */
const KEEP_ALIVE_MS = 4_000;

/** The connection was never made, so WeChat cannot have acted on the call. */
const UNCONNECTED = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);
/** What undici says of a proxy that lets nothing pass; it has no code of its own. */
const BY_PROXY = /^Proxy .*\((\d{3})\)/;
/** The connection ended, and there was no answer on it. */
const RESET = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']);

export interface WechatCall {
  /** Calls of one app may have to wait for each other, and for no others: one app cannot block the rest. */
  readonly appId: string;
  /** The name of the client that calls. */
  readonly client: string;
  readonly method: string;
  /** Path and query. It holds the token, so it must not appear in any message. */
  readonly target: string;
  readonly headers: ProxyHeaders;
  readonly body: Readable | Buffer | null;
  /** Ends the call when nobody waits for its answer any longer. */
  readonly signal: AbortSignal;
  /** On a connection of its own. @defaultValue false */
  readonly isFresh?: boolean;
}

/** WeChat gave no answer. */
export class WechatUnreachableError extends BilingualError {
  override readonly name = 'WechatUnreachableError';
  /** The connection ended before there was an answer. */
  readonly isReset: boolean;

  constructor(text: Bilingual, { cause }: ErrorOptions) {
    super(text, { code: 'wechat_unreachable', cause });
    this.isReset = RESET.has(codeOf(cause));
  }
}

/** The connections on which proxied calls go to WeChat, and to no other host. */
export interface WechatPool {
  readonly baseUrl: string;
  /** The answer's body must be read to its end, or destroyed. @throws WechatUnreachableError */
  call(call: WechatCall): Promise<Dispatcher.ResponseData>;
  close(): Promise<void>;
}

export interface WechatPoolOptions {
  /** How host names become addresses. @defaultValue as the system does it */
  readonly lookup?: LookupFunction;
  /** Through which WeChat is reached. @defaultValue directly */
  readonly proxy?: URL | undefined;
}

export function createWechatPool(baseUrl: string, { lookup, proxy }: WechatPoolOptions = {}): WechatPool {
  const { origin, pathname } = new URL(baseUrl);
  const prefix = pathname.replace(/\/$/, '');
  const connect = {
    timeout: CONNECT_TIMEOUT_MS,
    autoSelectFamilyAttemptTimeout: CONNECT_ATTEMPT_MS,
    ...(lookup && { lookup }),
  };
  // The slots limit its connections: a call in the pool's own queue would not notice that nobody waits any longer.
  const options = {
    connections: null,
    keepAliveTimeout: KEEP_ALIVE_MS,
    keepAliveMaxTimeout: KEEP_ALIVE_MS,
  };
  const newPool = (pipelining: number): Dispatcher => {
    if (proxy === undefined) return new Pool(origin, { ...options, pipelining, connect });
    // A tunnel for HTTPS only, as proxies expect it; `proxyTls` are options of the connection, with and without TLS.
    return new ProxyAgent({
      ...options,
      pipelining,
      uri: proxy.href,
      proxyTunnel: false,
      proxyTls: connect,
      requestTls: connect,
    });
  };
  const pool = newPool(1);
  // Without pipelining undici uses each connection once.
  const freshPool = newPool(0);
  const slotsByName = new Map<string, CallSlots>();

  function slotsOf(name: string, max: number): CallSlots {
    const slots = slotsByName.get(name) ?? createCallSlots(max, SLOT_TIMEOUT_MS);
    slotsByName.set(name, slots);
    return slots;
  }

  /** @returns gives the places back @throws CodedError `no_slot` */
  async function takePlace({ appId, client, signal }: WechatCall): Promise<() => void> {
    const giveBackOwn = await slotsOf(`${appId} ${client}`, CALLS_PER_CLIENT_MAX).take(signal);
    try {
      const giveBack = await slotsOf(appId, CALLS_MAX).take(signal);
      return () => {
        giveBackOwn();
        giveBack();
      };
    } catch (error) {
      giveBackOwn();
      throw error;
    }
  }

  return {
    baseUrl: `${origin}${prefix}`,
    async call(call) {
      const { method, target, headers, body, signal, isFresh = false } = call;
      let giveBack = () => {};
      try {
        giveBack = await takePlace(call);
        // Lets the event loop see which idle connections WeChat has closed already.
        await new Promise((resolve) => setImmediate(resolve));
        const path = `${prefix}${target}`;
        const answer = await (isFresh ? freshPool : pool).request({
          origin,
          method: method as Dispatcher.HttpMethod,
          path,
          headers,
          body,
          signal,
          headersTimeout: ANSWER_TIMEOUT_MS,
          bodyTimeout: STALL_TIMEOUT_MS,
        });
        answer.body.once('close', giveBack);
        return answer;
      } catch (cause) {
        giveBack();
        throw new WechatUnreachableError(reasonOf(cause), { cause });
      }
    },
    close: async () => {
      await Promise.all([pool.destroy(), freshPool.destroy()]);
    },
  };
}

function reasonOf(cause: unknown): Bilingual {
  if (cause instanceof CodedError)
    return {
      en: 'WeChat is slow, and too many calls are waiting for it. This call was not made.',
      zh: '微信响应缓慢，等待中的调用过多。这次调用没有发出。',
    };
  const [, status] = BY_PROXY.exec((cause as Error).message) ?? [];
  if (status !== undefined)
    return {
      en: `The proxy on the way to WeChat rejected the call (HTTP ${status}): check the address, user and password in HTTPS_PROXY or HTTP_PROXY. This call was not made.`,
      zh: `通往微信的代理拒绝了调用（HTTP ${status}）：请检查 HTTPS_PROXY 或 HTTP_PROXY 中的地址、用户名和密码。这次调用没有发出。`,
    };
  const code = codeOf(cause);
  if (UNCONNECTED.has(code)) {
    return {
      en: `WeChat cannot be reached (${code}). This call was not made.`,
      zh: `连不上微信（${code}）。这次调用没有发出。`,
    };
  }
  const what =
    cause instanceof errors.HeadersTimeoutError
      ? { en: 'WeChat did not answer in time', zh: '微信没有及时应答' }
      : { en: `The connection to WeChat failed (${code})`, zh: `与微信的连接失败（${code}）` };
  return {
    en: `${what.en}. The call may have been carried out all the same.`,
    zh: `${what.zh}。这次调用可能已经执行。`,
  };
}

function codeOf(cause: unknown): string {
  return (cause as NodeJS.ErrnoException).code ?? 'UNKNOWN';
}
