import { fingerprint } from '@zhongkong/shared';
import type { OnEvent } from '../events.js';
import { type Moment, momentOf, type TwoClocks } from '../http/clock.js';
import {
  confirm,
  deadAtMs,
  freshUntil,
  type HeldToken,
  leftMs,
  phaseOf,
  type TokenFacts,
  type TokenPhase,
  toHeldToken,
} from './held-token.js';

const NEVER_MS = Number.NEGATIVE_INFINITY;

/** The token in memory, and whether it may be used without asking. */
export class TokenMemory {
  readonly #clocks: TwoClocks;
  readonly #emit: OnEvent;
  #held: HeldToken | undefined;
  /** When the stream last said something; undefined while there is no stream. */
  #heard: Moment | undefined;
  // What follows is computed when the token or its confirmation changes, so that a read looks at one clock and compares.
  #accessToken: string | undefined;
  #promise: Promise<string> | undefined;
  /** By the wall clock; the monotonic one ends it by a timer, in case the other is set back. */
  #freshUntilWallMs = NEVER_MS;
  #cancelTimer = () => {};
  #deadAtMs = NEVER_MS;

  constructor(clocks: TwoClocks, emit: OnEvent) {
    this.#clocks = clocks;
    this.#emit = emit;
  }

  /** The token, unless it has expired. */
  peek(): string | undefined {
    return this.#clocks.steadyMs() < this.#deadAtMs ? this.#accessToken : undefined;
  }

  /** The token as a promise that is made once for each token, if it may be used without asking. */
  fresh(): Promise<string> | undefined {
    return this.#clocks.wallMs() < this.#freshUntilWallMs ? this.#promise : undefined;
  }

  phase(): TokenPhase {
    if (this.#held === undefined) return 'expired';
    return phaseOf(this.#held, momentOf(this.#clocks), this.#heard);
  }

  get hasStream(): boolean {
    return this.#heard !== undefined;
  }

  /** The token, dead or alive. */
  get held(): HeldToken | undefined {
    return this.#held;
  }

  living(): HeldToken | undefined {
    return this.phase() === 'expired' ? undefined : this.#held;
  }

  leftSeconds(): number {
    if (this.#held === undefined) return 0;
    return Math.floor(Math.max(0, leftMs(this.#held, momentOf(this.#clocks))) / 1000);
  }

  /** Takes an answer over, unless a newer one has arrived before it and still lives. */
  accept(facts: TokenFacts, asked: Moment): void {
    if (facts.version >= (this.living()?.version ?? 0)) this.take(facts, asked);
  }

  /** Takes an answer over, whatever its version. */
  take(facts: TokenFacts, asked: Moment): void {
    const { version, accessToken, expiresIn } = facts;
    const isNew = version !== this.#held?.version || accessToken !== this.#held.accessToken;
    if (accessToken !== this.#accessToken) this.#promise = Promise.resolve(accessToken);
    this.#accessToken = accessToken;
    this.#keep(toHeldToken(facts, asked));
    if (isNew) this.#emit({ type: 'token', version, fingerprint: fingerprint(accessToken), expiresIn });
  }

  /** The server confirms the token that the question was about. */
  confirm(known: HeldToken | undefined, asked: Moment): void {
    if (known !== undefined && known === this.#held) this.#keep(confirm(known, asked));
  }

  streamHeard(heard: Moment): void {
    this.#heard = heard;
    if (this.#held !== undefined) this.#keep(this.#held);
  }

  /** What the stream has confirmed holds from its last word on. */
  streamEnded(): void {
    const heard = this.#heard;
    this.#heard = undefined;
    if (this.#held !== undefined && heard !== undefined) this.#keep(confirm(this.#held, heard));
  }

  close(): void {
    this.#cancelTimer();
    this.#freshUntilWallMs = NEVER_MS;
  }

  #keep(held: HeldToken): void {
    this.#held = held;
    this.#deadAtMs = deadAtMs(held);
    const { steadyMs, wallMs } = freshUntil(held, this.#heard);
    this.#freshUntilWallMs = wallMs;
    this.#cancelTimer();
    this.#cancelTimer = this.#clocks.after(steadyMs - this.#clocks.steadyMs(), () => {
      this.#freshUntilWallMs = NEVER_MS;
    });
  }
}
