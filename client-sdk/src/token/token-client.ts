import { fingerprint, SingleFlight } from '@zhongkong/shared';
import { TokenServerError } from '../errors.js';
import { type OnEvent, safely } from '../events.js';
import { renewAfterMs } from './held-token.js';
import { isRefusal, updateRetryMs } from './repeat-rules.js';
import { type Stopwatch, startStopwatch as startRealStopwatch } from './stopwatch.js';
import { TokenMemory } from './token-memory.js';
import { createTokenServerApi, openTokenServer } from './token-server-api.js';
import { isHttpUrl, type TokenServerOptions } from './token-server-options.js';
import type { OwnedTokenSource } from './token-source.js';
import { createUnrefAgents, destroyAgents, holdProcess } from './unref-agents.js';
import { followStream, type StreamEars } from './update-stream.js';

export interface TokenClientOptions extends TokenServerOptions {
  /**
   * How new tokens are learned of. `stream`: the server pushes them over one connection; while there is none, as `poll`.
   * `poll`: asks in the background, as often as the server wishes. `none`: asks only when a token is wanted. None of them
   * keeps the process alive. @defaultValue 'stream'
   */
  readonly updates?: 'stream' | 'poll' | 'none' | undefined;
  /** Hears what happens; the client logs nothing by itself. */
  readonly onEvent?: OnEvent | undefined;
}

/** An app's access token, kept in memory and healed with the token server's help. */
export interface TokenClient extends OwnedTokenSource {
  /** The token to use now, from memory almost always. @throws TokenServerError when there is none */
  getAccessToken(): Promise<string>;
  /** The same with the whole seconds that it still lives. @throws TokenServerError */
  read(): Promise<{ accessToken: string; expiresIn: number }>;
  /** The token in memory, or undefined when there is none alive. */
  peek(): string | undefined;
  /**
   * Says that a call failed with a dead-token errcode (40001, 40014, 42001). However many calls say so of one token, the
   * server is asked once. @returns the token to use now @throws TokenServerError
   */
  reportInvalid(accessToken: string, errcode: number): Promise<string>;
  /** Stops asking, and frees what is held. */
  close(): Promise<void>;
}

const UPDATES = ['stream', 'poll', 'none'];
/** How long a call waits for the server when the token in memory lives but may have been replaced. */
const STALE_PATIENCE_MS = 3_000;
/** A key that was just refused is not shown again for so long. */
const REFUSED_REST_MS = 1_000;
/** The services that lose a stream together do not come back together. */
const STREAM_LOST_SPREAD_MS = 1_000;

/** @throws TypeError when an option is missing or wrong */
export function createTokenClient(options: TokenClientOptions): TokenClient {
  return openTokenClient(options, startRealStopwatch);
}

/** The same with the time as an argument. */
export function openTokenClient(options: TokenClientOptions, startStopwatch: () => Stopwatch): TokenClient {
  checkOptions(options);
  const { updates = 'stream' } = options;
  const tell = safely(options.onEvent);
  const closing = new AbortController();
  const agents = createUnrefAgents();
  const server = openTokenServer(options, agents);
  const api = createTokenServerApi(server, options, closing.signal);
  const reports = new SingleFlight<string>();
  const memory = new TokenMemory(tell);
  let flight: Promise<void> | undefined;
  /** A call has waited for this flight in vain; no other is to do so. */
  let flightIsSlow = false;
  let timer: NodeJS.Timeout | undefined;
  /** The last failure of many in a row, with the time that has passed since. */
  let failure: { error: TokenServerError; count: number; since: Stopwatch; restMs: number } | undefined;
  /** Ends the background work; undefined while there is none. */
  let updating: AbortController | undefined;

  /** Asks the server for the current token; however many want to know, once at a time. */
  function renew(): Promise<void> {
    flight ??= ask().finally(() => {
      flight = undefined;
      flightIsSlow = false;
    });
    return flight;
  }

  async function ask(): Promise<void> {
    clearTimeout(timer);
    const asked = startStopwatch();
    const known = memory.living();
    try {
      const answer = await api.read(known?.version);
      if (answer === undefined) memory.confirm(known, asked);
      else memory.accept(answer, asked);
      succeed();
      startUpdates();
      askAgainIn(renewAfterMs(memory.held ?? { refreshIn: 0 }));
    } catch (thrown) {
      const error = thrown as TokenServerError;
      if (!closing.signal.aborted) fail(error);
      throw error;
    }
  }

  function succeed(): void {
    if (failure !== undefined) tell({ type: 'server-back' });
    failure = undefined;
  }

  function fail(error: TokenServerError): void {
    const count = (failure?.count ?? 0) + 1;
    const restMs = Math.max(updateRetryMs(count, Math.random()), (error.retryAfterSeconds ?? 0) * 1_000);
    failure = { error, count, since: startStopwatch(), restMs };
    tell({ type: 'server-lost', error, tokenLeftSeconds: memory.leftSeconds() });
    if (isRefusal(error)) refuse(error);
    else askAgainIn(restMs);
  }

  function askAgainIn(ms: number): void {
    clearTimeout(timer);
    if (updating === undefined || memory.hasStream) return;
    timer = setTimeout(() => renew().catch(ignore), ms).unref();
  }

  /** Asks without waiting; not sooner than the last failure allows, however many calls are made meanwhile. */
  function renewMeanwhile(): void {
    if (failure === undefined || failure.since.atMostMs() >= failure.restMs) renew().catch(ignore);
  }

  function startUpdates(): void {
    if (updating !== undefined || updates === 'none' || closing.signal.aborted) return;
    updating = new AbortController();
    if (updates === 'poll') return;
    const { appId } = options;
    followStream(server, { appId, ears, ended: updating.signal, startStopwatch }).catch(ignore);
  }

  function stopUpdates(): void {
    clearTimeout(timer);
    updating?.abort();
    updating = undefined;
    memory.streamEnded();
  }

  /** Asking again with a key that is not accepted is of no use; a call that succeeds starts the updates anew. */
  function refuse(error: TokenServerError): void {
    if (updating === undefined) return;
    stopUpdates();
    tell({ type: 'updates-stopped', error });
  }

  const ears: StreamEars = {
    onToken: (facts, sent) => memory.accept(facts, sent),
    onHeard(heard) {
      const isFirst = !memory.hasStream;
      memory.streamSpoke(heard);
      clearTimeout(timer);
      succeed();
      if (isFirst) tell({ type: 'updates', by: 'stream' });
    },
    onLost(error) {
      if (memory.hasStream) {
        memory.streamEnded();
        tell({ type: 'updates', by: 'poll' });
        askAgainIn(Math.random() * STREAM_LOST_SPREAD_MS);
      }
      if (isRefusal(error)) refuse(error);
    },
  };

  async function report(accessToken: string, errcode: number): Promise<string> {
    const { held } = memory;
    const stale =
      held?.accessToken === accessToken ? { staleVersion: held.version } : { staleToken: accessToken };
    tell({ type: 'reported', errcode, fingerprint: fingerprint(accessToken) });
    const asked = startStopwatch();
    try {
      const answer = await api.refresh({ ...stale, errcode });
      // About a token that a call found dead, the server knows better, whatever the versions say.
      if (memory.held?.accessToken === accessToken) memory.take(answer, asked);
      else memory.accept(answer, asked);
      tell({ type: 'report-answered', refreshed: answer.refreshed, reason: answer.reason });
      return memory.living()?.accessToken ?? answer.accessToken;
    } catch (error) {
      tell({ type: 'report-failed', error: error as TokenServerError });
      throw error;
    }
  }

  const client: TokenClient = {
    peek: () => memory.living()?.accessToken,
    getAccessToken: async () => (await client.read()).accessToken,
    async read() {
      const state = memory.phase();
      if (state === 'expired') {
        if (failure !== undefined && isRefusal(failure.error) && failure.since.steadyMs() < REFUSED_REST_MS)
          throw failure.error;
        await holdProcess(renew());
      }
      // While the server is known to be away, waiting for it again would only slow every call down.
      else if (state === 'stale' && failure === undefined && !flightIsSlow) await renewWithPatience();
      else if (state !== 'fresh') renewMeanwhile();
      const current = memory.living();
      if (current === undefined) throw new TokenServerError(NO_LIVING_TOKEN);
      return { accessToken: current.accessToken, expiresIn: memory.leftSeconds() };
    },
    async reportInvalid(accessToken, errcode) {
      const current = memory.living()?.accessToken;
      if (current !== undefined && current !== accessToken) return current;
      return reports.join(accessToken, () => holdProcess(report(accessToken, errcode)));
    },
    async close() {
      closing.abort();
      stopUpdates();
      await Promise.allSettled([flight, reports.settled()]);
      destroyAgents(agents);
    },
  };

  async function renewWithPatience(): Promise<void> {
    let patience: NodeJS.Timeout | undefined;
    const end = new Promise<'end'>((resolve) => {
      patience = setTimeout(resolve, STALE_PATIENCE_MS, 'end');
    });
    if ((await Promise.race([renew().catch(ignore), end])) === 'end') flightIsSlow = flight !== undefined;
    clearTimeout(patience);
  }

  if (updates !== 'none') {
    startUpdates();
    renew().catch(ignore);
  }
  return client;
}

const NO_LIVING_TOKEN = {
  code: 'token_unavailable',
  status: 0,
  detail: 'the server gave a token that has no life left',
};

function checkOptions(options: TokenClientOptions): void {
  for (const name of ['server', 'apiKey', 'appId'] as const) {
    if (typeof options[name] === 'string' && options[name] !== '') continue;
    throw new TypeError(`createTokenClient: the option ${name} is missing`);
  }
  const { server, updates = 'stream', timeoutMs = 1 } = options;
  if (!isHttpUrl(server))
    throw new TypeError('createTokenClient: the option server must begin with http:// or https://');
  if (!(typeof timeoutMs === 'number' && timeoutMs > 0))
    throw new TypeError('createTokenClient: the option timeoutMs must be a number of milliseconds');
  if (!UPDATES.includes(updates))
    throw new TypeError(`createTokenClient: the option updates must be one of ${UPDATES.join(', ')}`);
}

function ignore(): void {}
