import { fingerprint, SingleFlight } from '@zhongkong/shared';
import { TokenServerError } from '../errors.js';
import { toSafeListener } from '../events.js';
import { momentOf, systemClocks, type TwoClocks } from '../http/clock.js';
import { keepProcessAlive } from '../http/process-life.js';
import { checkClientOptions, type TokenClientOptions } from './client-options.js';
import type { TokenPhase } from './held-token.js';
import { Renewal } from './renewal.js';
import { openTokenServer } from './server.js';
import { createTokenApi, type TokenApi } from './server-api.js';
import { TokenMemory } from './token-memory.js';
import type { OwnedTokenSource } from './token-source.js';
import { Updates } from './updates.js';

/** What is known of the token at this moment; for health checks and dashboards. */
export interface TokenStatus {
  /**
   * `none`: there was no token yet; `fresh` and `renew`: it is in use; `stale`: it may have been replaced, and the server
   * will be asked first; `expired`: it has ended.
   */
  readonly phase: TokenPhase | 'none';
  /** Grows with each new token; undefined before the first one. */
  readonly version: number | undefined;
  /** Whole seconds that the token still lives; 0 when there is none alive. */
  readonly expiresIn: number;
  /** How new tokens arrive now; `stopped`: the server has rejected the key. */
  readonly updates: 'stream' | 'poll' | 'none' | 'stopped';
  /** Why the server could not be asked the last time; undefined after a success. */
  readonly lastError: TokenServerError | undefined;
}

/** An app's access token, kept in memory and healed with the token server's help. */
export interface TokenClient extends OwnedTokenSource {
  /** The token to use now, from memory almost always. @throws TokenServerError when there is none */
  getAccessToken(): Promise<string>;
  /** The same with the whole seconds that it still lives. @throws TokenServerError */
  read(): Promise<{ accessToken: string; expiresIn: number }>;
  /** The token in memory, or undefined when there is none alive. */
  peek(): string | undefined;
  status(): TokenStatus;
  /**
   * Reports that a call failed with a dead-token errcode (40001, 40014, 42001). However many calls report the same token,
   * the server is asked once. @returns the token to use now @throws TokenServerError
   */
  reportInvalid(accessToken: string, errcode: number): Promise<string>;
  /** Stops asking, and frees what is held. */
  close(): Promise<void>;
}

/** How long a call waits for the server when the token in memory lives but may have been replaced. */
const STALE_PATIENCE_MS = 3_000;

/** @throws TypeError when an option is missing or wrong */
export function createTokenClient(options: TokenClientOptions): TokenClient {
  return openTokenClient(options, systemClocks);
}

/** The same with the time as an argument. */
export function openTokenClient(options: TokenClientOptions, clocks: TwoClocks): TokenClient {
  checkClientOptions(options);
  const { appId, updates: way = 'stream' } = options;
  const emit = toSafeListener(options.onEvent);
  const server = openTokenServer(options);
  const api = createTokenApi(server, appId);
  const memory = new TokenMemory(clocks, emit);
  const renewal = new Renewal({
    ...{ api, memory, clocks, emit, closed: server.closed },
    onAskAgain: (inMs) => updates.pollIn(inMs),
    onAnswered: () => updates.start(),
    onKeyRejected: (error) => updates.rejectKey(error),
  });
  const updates = new Updates({ way, appId, server, memory, renewal, clocks, emit });
  const reports = new SingleFlight<string>();
  const report = createReport({ api, memory, clocks, emit });
  const readToken = createTokenReader(memory, renewal);

  if (way !== 'none') {
    updates.start();
    renewal.run().catch(() => {});
  }
  return {
    peek: () => memory.peek(),
    // The promise of a fresh token is always the same one: nothing is made for a call.
    getAccessToken: () => memory.fresh() ?? readToken(),
    async read() {
      return { accessToken: await (memory.fresh() ?? readToken()), expiresIn: memory.leftSeconds() };
    },
    status: () => ({
      phase: memory.held === undefined ? 'none' : memory.phase(),
      version: memory.held?.version,
      expiresIn: memory.leftSeconds(),
      updates: updates.way,
      lastError: renewal.lastError,
    }),
    async reportInvalid(accessToken, errcode) {
      const current = memory.peek();
      if (current !== undefined && current !== accessToken) return current;
      return reports.join(accessToken, () => keepProcessAlive(report(accessToken, errcode)));
    },
    async close() {
      server.close();
      updates.stop();
      memory.close();
      await Promise.all([renewal.settled(), reports.settled()]);
    },
  };
}

/** What a call does that finds no fresh token in memory. */
function createTokenReader(memory: TokenMemory, renewal: Renewal): () => Promise<string> {
  /** A call has waited in vain for the request that is under way; no other call waits for the same one. */
  let isSlow = false;

  async function renewWithPatience(): Promise<void> {
    let patience: NodeJS.Timeout | undefined;
    const end = new Promise<'end'>((resolve) => {
      patience = setTimeout(resolve, STALE_PATIENCE_MS, 'end');
    });
    const renewed = renewal.run().catch(() => {});
    if ((await Promise.race([renewed, end])) === 'end') {
      isSlow = true;
      void renewed.then(() => {
        isSlow = false;
      });
    }
    clearTimeout(patience);
  }

  return async () => {
    const phase = memory.phase();
    if (phase === 'expired') {
      const rejected = renewal.justRejected();
      if (rejected !== undefined) throw rejected;
      await keepProcessAlive(renewal.run());
    }
    // While the server is known to be away, waiting for it again would only slow every call down.
    else if (phase === 'stale' && renewal.lastError === undefined && !isSlow) await renewWithPatience();
    else if (phase !== 'fresh') renewal.runMeanwhile();
    const accessToken = memory.peek();
    if (accessToken !== undefined) return accessToken;
    throw new TokenServerError('the server gave a token that has no life left', {
      code: 'token_unavailable',
    });
  };
}

interface ReportDeps {
  readonly api: TokenApi;
  readonly memory: TokenMemory;
  readonly clocks: TwoClocks;
  readonly emit: ReturnType<typeof toSafeListener>;
}

/** The passive refresh: reports a dead token, and takes over what the server answers. */
function createReport({ api, memory, clocks, emit }: ReportDeps) {
  return async (accessToken: string, errcode: number): Promise<string> => {
    const { held } = memory;
    const stale =
      held?.accessToken === accessToken ? { staleVersion: held.version } : { staleToken: accessToken };
    emit({ type: 'reported', errcode, fingerprint: fingerprint(accessToken) });
    const asked = momentOf(clocks);
    try {
      const answer = await api.refresh({ ...stale, errcode });
      // About a token that a call found dead, the server knows better, whatever the versions say.
      if (memory.held?.accessToken === accessToken) memory.take(answer, asked);
      else memory.accept(answer, asked);
      emit({ type: 'report-answered', refreshed: answer.refreshed, reason: answer.reason });
      return memory.peek() ?? answer.accessToken;
    } catch (error) {
      emit({ type: 'report-failed', error: error as TokenServerError });
      throw error;
    }
  };
}
