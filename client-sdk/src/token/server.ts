import type { TokenServerError } from '../errors.js';
import { exchange, type Fetch, type HttpAnswer, nodeFetch } from '../http/exchange.js';
import { BACKGROUND_USER_AGENT, releaseProcess } from '../http/process-life.js';
import { repeat, Tries } from '../http/tries.js';
import { DEFAULT_TIMEOUT_MS, type TokenServerOptions } from './client-options.js';
import { isAway, mayPass, refusalIn, toTokenServerError } from './server-error.js';
import { ServerList } from './server-list.js';

/** Of the whole time-out, so that one try that hangs leaves time for another. */
const TRY_SHARE = 0.4;
const TRIES_MAX = 6;
/** Short: a server that is being restarted is back in a moment. */
const FIRST_PAUSE_MS = 200;
const MAX_PAUSE_MS = 2_000;
/** How often a preferred server that did not answer is looked at. */
const COME_BACK_MS = 30_000;
const READY_TIMEOUT_MS = 3_000;

interface ServerRequest {
  /** Below `/v1/`: `apps/wx…/access-token`. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** A JSON body; the request then is a POST. */
  readonly json?: unknown;
  /** `false`: it is sent once, whatever happens. @defaultValue true */
  readonly repeats?: boolean | undefined;
}

/** The token server of one installation, on however many hosts; every request of this package to it goes through here. */
export interface TokenServer {
  readonly fetch: Fetch;
  readonly servers: ServerList;
  /** On every request. */
  readonly headers: Readonly<Record<string, string>>;
  /** Comes when the client is closed. */
  readonly closed: AbortSignal;
  /**
   * One question. What may pass is repeated within the time-out, at the pace that the server asks for.
   * @returns the answer to be read, whatever its status @throws TokenServerError when there is none
   */
  ask(request: ServerRequest): Promise<HttpAnswer>;
  /** How often to look whether the preferred server answers again. */
  readonly comeBackMs: number;
  /** Goes back to the preferred server if that is ready again. */
  comeBack(): Promise<void>;
  /** Has the next server of the list asked from now on; this one is looked at again after `comeBackMs`. @returns whether there is another */
  leave(base: string): boolean;
  /** Ends all requests: they reject with `client_closed`. */
  close(): void;
}

export function openTokenServer(
  options: Omit<TokenServerOptions, 'appId'>,
  comeBackMs = COME_BACK_MS,
): TokenServer {
  const { server, apiKey, timeoutMs = DEFAULT_TIMEOUT_MS, fetch = nodeFetch } = options;
  const servers = new ServerList(server);
  const closing = new AbortController();
  const closed = closing.signal;
  const stopReleasing = releaseProcess();
  const headers = { authorization: `Bearer ${apiKey}`, 'user-agent': BACKGROUND_USER_AGENT };
  const limits = { wholeMs: timeoutMs, firstPauseMs: FIRST_PAUSE_MS, maxPauseMs: MAX_PAUSE_MS };

  async function attempt({ path, headers: own, json }: ServerRequest, tryMs: number): Promise<HttpAnswer> {
    const base = servers.current;
    const body = json === undefined ? undefined : JSON.stringify(json);
    const type = body === undefined ? {} : { 'content-type': 'application/json' };
    const method = body === undefined ? 'GET' : 'POST';
    const request = { url: `${base}/v1/${path}`, method, headers: { ...headers, ...type, ...own }, body };
    try {
      const answer = await exchange(fetch, request, { timeoutMs: tryMs, closed });
      leaveIfAway(base, refusalIn(answer));
      return answer;
    } catch (thrown) {
      const error = toTokenServerError(thrown);
      leaveIfAway(base, error);
      throw error;
    }
  }

  let lookedAtMs = 0;

  async function comeBack(): Promise<void> {
    if (servers.isPreferred) return;
    lookedAtMs = performance.now();
    const request = { url: `${servers.preferred}/readyz`, method: 'GET', headers };
    const limits = { timeoutMs: Math.min(READY_TIMEOUT_MS, timeoutMs), closed };
    const answer = await exchange(fetch, request, limits).catch(() => undefined);
    if (answer?.status === 200) servers.comeBack();
  }

  function leaveIfAway(base: string, error: TokenServerError | undefined): void {
    if (error === undefined || !isAway(error)) return;
    leave(base);
  }

  function leave(base: string): boolean {
    const hasLeft = servers.leave(base);
    if (hasLeft) lookedAtMs = performance.now();
    return hasLeft;
  }

  return {
    fetch,
    servers,
    headers,
    closed,
    comeBackMs,
    comeBack,
    leave,
    ask(request) {
      // Nobody waits for it: the server that answers now will do for this request.
      if (!servers.isPreferred && performance.now() - lookedAtMs >= comeBackMs) void comeBack();
      const triesMax = request.repeats === false ? 1 : TRIES_MAX;
      const tryMs = triesMax === 1 ? timeoutMs : timeoutMs * TRY_SHARE;
      return repeat(new Tries({ ...limits, triesMax, tryMs }), {
        closed,
        attempt: (ms) => attempt(request, ms),
        judge: (answer) => toVerdict(refusalIn(answer)),
        judgeError: (error) => toVerdict(error as TokenServerError),
      });
    },
    close() {
      closing.abort();
      stopReleasing();
    },
  };
}

function toVerdict(error: TokenServerError | undefined) {
  if (error === undefined || !mayPass(error)) return undefined;
  const { retryAfterSeconds } = error;
  return retryAfterSeconds === undefined ? {} : { retryAfterMs: retryAfterSeconds * 1_000 };
}
