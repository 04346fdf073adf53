import { backOffMs, SingleFlight } from '@zhongkong/shared';
import type { TokenServerError } from '../errors.js';
import type { OnEvent } from '../events.js';
import { longestMsBetween, type Moment, momentOf, steadyMsBetween, type TwoClocks } from '../http/clock.js';
import { renewAfterMs } from './held-token.js';
import type { TokenApi } from './server-api.js';
import { isKeyRejected } from './server-error.js';
import type { TokenMemory } from './token-memory.js';

const RETRY_MS_FIRST = 1_000;
const RETRY_MS_MAX = 30_000;
/** A key that was just rejected is not shown again for so long. */
const KEY_REST_MS = 1_000;

/** When the background asks again after so many failures in a row; spread, so that not all services come at once. */
export function backgroundRetryMs(failures: number, random: number): number {
  return backOffMs({ firstMs: RETRY_MS_FIRST, maxMs: RETRY_MS_MAX, failures, random });
}

export interface RenewalDeps {
  readonly api: TokenApi;
  readonly memory: TokenMemory;
  readonly clocks: TwoClocks;
  readonly emit: OnEvent;
  readonly closed: AbortSignal;
  /** After each success, and each failure that waiting may mend: when to ask again. */
  onAskAgain(inMs: number): void;
  /** The server has answered. */
  onAnswered(): void;
  onKeyRejected(error: TokenServerError): void;
}

/** The last failure of many in a row. */
interface Failure {
  readonly error: TokenServerError;
  readonly count: number;
  readonly at: Moment;
  readonly restMs: number;
}

/** Asks the server for the current token, once at a time, and remembers how that went. */
export class Renewal {
  readonly #deps: RenewalDeps;
  readonly #flight = new SingleFlight<void>();
  #failure: Failure | undefined;

  constructor(deps: RenewalDeps) {
    this.#deps = deps;
  }

  /** However many callers want to know, the server is asked once. @throws TokenServerError */
  run(): Promise<void> {
    return this.#flight.join('read', () => this.#ask());
  }

  /** Asks without waiting; not sooner than the last failure allows, however many calls are made meanwhile. */
  runMeanwhile(): void {
    const { clocks } = this.#deps;
    const failure = this.#failure;
    if (failure !== undefined && longestMsBetween(failure.at, momentOf(clocks)) < failure.restMs) return;
    this.run().catch(() => {});
  }

  /** The last failure, if nothing has succeeded since. */
  get lastError(): TokenServerError | undefined {
    return this.#failure?.error;
  }

  /** The error of a key that was rejected so lately that asking again is no use. */
  justRejected(): TokenServerError | undefined {
    const failure = this.#failure;
    if (failure === undefined || !isKeyRejected(failure.error)) return undefined;
    const passedMs = steadyMsBetween(failure.at, momentOf(this.#deps.clocks));
    return passedMs < KEY_REST_MS ? failure.error : undefined;
  }

  /** The server has answered, here or on a stream. */
  succeed(): void {
    if (this.#failure !== undefined) this.#deps.emit({ type: 'server-back' });
    this.#failure = undefined;
  }

  settled(): Promise<void> {
    return this.#flight.settled();
  }

  async #ask(): Promise<void> {
    const { api, memory, clocks, closed } = this.#deps;
    const asked = momentOf(clocks);
    const known = memory.living();
    try {
      const answer = await api.read(known?.version);
      if (answer === undefined) memory.confirm(known, asked);
      else memory.accept(answer, asked);
    } catch (error) {
      if (!closed.aborted) this.#fail(error as TokenServerError);
      throw error;
    }
    this.succeed();
    this.#deps.onAnswered();
    this.#deps.onAskAgain(renewAfterMs(memory.held ?? { refreshIn: 0 }));
  }

  #fail(error: TokenServerError): void {
    const { memory, clocks, emit } = this.#deps;
    const count = (this.#failure?.count ?? 0) + 1;
    const restMs = Math.max(backgroundRetryMs(count, Math.random()), (error.retryAfterSeconds ?? 0) * 1_000);
    this.#failure = { error, count, at: momentOf(clocks), restMs };
    emit({ type: 'server-lost', error, tokenLeftSeconds: memory.leftSeconds() });
    if (isKeyRejected(error)) this.#deps.onKeyRejected(error);
    else this.#deps.onAskAgain(restMs);
  }
}
