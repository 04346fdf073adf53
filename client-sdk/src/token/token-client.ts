import { fingerprint } from '@zhongkong/shared';
import { TokenServerError } from '../errors.js';
import type { OnEvent } from '../events.js';
import {
  confirm,
  type HeldToken,
  hold,
  leftMs,
  phaseOf,
  renewAfterMs,
  type TokenFacts,
} from './held-token.js';
import { type Stopwatch, startStopwatch } from './stopwatch.js';
import { createTokenServerApi, type TokenServerOptions } from './token-server-api.js';
import type { TokenSource } from './token-source.js';

export interface TokenClientOptions extends TokenServerOptions {
  /**
   * `poll`: asks the server in the background, as often as it wishes, for a newer token. `none`: asks only when a
   * token is wanted. Neither keeps the process alive. @defaultValue 'poll'
   */
  readonly updates?: 'poll' | 'none' | undefined;
  /** Hears what happens; the client logs nothing by itself. */
  readonly onEvent?: OnEvent | undefined;
}

/** An app's access token, kept in memory and healed with the token server's help. */
export interface TokenClient extends TokenSource {
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

/** How long a call waits for the server when the token in memory lives but may have been replaced. */
const STALE_PATIENCE_MS = 3_000;
const RETRY_MS_FIRST = 1_000;
const RETRY_MS_MAX = 30_000;

/** @throws TypeError when an option is missing */
export function createTokenClient(options: TokenClientOptions): TokenClient {
  requireOptions(options);
  const { updates = 'poll', onEvent: tell = () => {} } = options;
  const closing = new AbortController();
  const api = createTokenServerApi(options, closing.signal);
  const reports = new Map<string, Promise<string>>();
  let held: HeldToken | undefined;
  let flight: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let failures = 0;

  function living(): HeldToken | undefined {
    return held !== undefined && phaseOf(held) !== 'expired' ? held : undefined;
  }

  /** Takes an answer over, unless a newer one has landed before it. */
  function accept(facts: TokenFacts, asked: Stopwatch): void {
    if (held !== undefined && facts.version < held.version) return;
    if (facts.version !== held?.version) {
      const { version, accessToken, expiresIn } = facts;
      tell({ type: 'token', version, fingerprint: fingerprint(accessToken), expiresIn });
    }
    held = hold(facts, asked);
  }

  /** Asks the server for the current token; however many want to know, once at a time. */
  function renew(): Promise<void> {
    flight ??= ask().finally(() => {
      flight = undefined;
    });
    return flight;
  }

  async function ask(): Promise<void> {
    clearTimeout(timer);
    const asked = startStopwatch();
    const known = living();
    try {
      const answer = await api.read(known?.version);
      if (answer !== undefined) accept(answer, asked);
      else if (held !== undefined && held === known) held = confirm(held, asked);
      if (failures > 0) tell({ type: 'server-back' });
      failures = 0;
      askAgainIn(held === undefined ? RETRY_MS_FIRST : renewAfterMs(held));
    } catch (error) {
      failures += 1;
      const tokenLeftSeconds = Math.floor(Math.max(0, held === undefined ? 0 : leftMs(held)) / 1000);
      tell({ type: 'server-lost', error: error as TokenServerError, tokenLeftSeconds });
      askAgainIn(Math.min(RETRY_MS_MAX, RETRY_MS_FIRST * 2 ** (failures - 1)) * (0.5 + Math.random() / 2));
      throw error;
    }
  }

  function askAgainIn(ms: number): void {
    if (updates === 'none' || closing.signal.aborted) return;
    timer = setTimeout(() => renew().catch(ignore), ms).unref();
  }

  async function report(accessToken: string, errcode: number): Promise<string> {
    const stale =
      held?.accessToken === accessToken ? { staleVersion: held.version } : { staleToken: accessToken };
    tell({ type: 'reported', errcode, fingerprint: fingerprint(accessToken) });
    const asked = startStopwatch();
    try {
      const answer = await api.refresh({ ...stale, errcode });
      accept(answer, asked);
      tell({ type: 'report-answered', refreshed: answer.refreshed, reason: answer.reason });
      return answer.accessToken;
    } catch (error) {
      tell({ type: 'report-failed', error: error as TokenServerError });
      throw error;
    }
  }

  const client: TokenClient = {
    peek: () => living()?.accessToken,
    getAccessToken: async () => (await client.read()).accessToken,
    async read() {
      const phase = held === undefined ? 'expired' : phaseOf(held);
      if (phase === 'expired') await renew();
      // While the server is known to be away, waiting for it again would only slow every call down.
      else if (phase === 'stale' && failures === 0) await withPatience(renew());
      else if (phase !== 'fresh') renew().catch(ignore);
      const current = living();
      if (current === undefined) throw new TokenServerError(NO_LIVING_TOKEN);
      return { accessToken: current.accessToken, expiresIn: Math.floor(leftMs(current) / 1000) };
    },
    async reportInvalid(accessToken, errcode) {
      const current = living()?.accessToken;
      if (current !== undefined && current !== accessToken) return current;
      const pending =
        reports.get(accessToken) ?? report(accessToken, errcode).finally(() => reports.delete(accessToken));
      reports.set(accessToken, pending);
      return pending;
    },
    async close() {
      closing.abort();
      clearTimeout(timer);
      await flight?.catch(ignore);
    },
  };
  if (updates === 'poll') renew().catch(ignore);
  return client;
}

const NO_LIVING_TOKEN = {
  code: 'token_unavailable',
  status: 0,
  detail: 'the server gave a token that has no life left',
};

function requireOptions(options: TokenClientOptions): void {
  for (const name of ['server', 'apiKey', 'appId'] as const) {
    if (typeof options[name] === 'string' && options[name] !== '') continue;
    throw new TypeError(`createTokenClient: the option ${name} is missing`);
  }
}

async function withPatience(work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, STALE_PATIENCE_MS);
  });
  await Promise.race([work.catch(ignore), patience]);
  clearTimeout(timer);
}

function ignore(): void {}
