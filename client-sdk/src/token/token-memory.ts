import { fingerprint } from '@zhongkong/shared';
import type { OnEvent } from '../events.js';
import {
  confirm,
  type HeldToken,
  hold,
  leftMs,
  phaseOf,
  type TokenFacts,
  type TokenPhase,
} from './held-token.js';
import type { Stopwatch } from './stopwatch.js';
import { HEARD_MS_MAX } from './update-stream.js';

/** The token in memory, and whether it is vouched for. */
export class TokenMemory {
  readonly #tell: OnEvent;
  #held: HeldToken | undefined;
  /** Runs since the stream's last word; undefined while there is no stream. */
  #streamHeard: Stopwatch | undefined;

  constructor(tell: OnEvent) {
    this.#tell = tell;
  }

  phase(): TokenPhase {
    if (this.#held === undefined) return 'expired';
    const byTime = phaseOf(this.#held);
    // An open stream would have brought a newer token.
    const isVouchedFor = this.#streamHeard !== undefined && this.#streamHeard.atMostMs() < HEARD_MS_MAX;
    return isVouchedFor && byTime !== 'expired' ? 'fresh' : byTime;
  }

  get hasStream(): boolean {
    return this.#streamHeard !== undefined;
  }

  /** The token, dead or alive. */
  get held(): HeldToken | undefined {
    return this.#held;
  }

  living(): HeldToken | undefined {
    return this.phase() === 'expired' ? undefined : this.#held;
  }

  leftSeconds(): number {
    return this.#held === undefined ? 0 : Math.floor(Math.max(0, leftMs(this.#held)) / 1000);
  }

  /** Takes an answer over, unless a newer one has landed before it and still lives. */
  accept(facts: TokenFacts, asked: Stopwatch): void {
    if (facts.version >= (this.living()?.version ?? 0)) this.take(facts, asked);
  }

  /** Takes an answer over, whatever its version. */
  take(facts: TokenFacts, asked: Stopwatch): void {
    const { version, accessToken, expiresIn } = facts;
    const isNew = version !== this.#held?.version || accessToken !== this.#held.accessToken;
    this.#held = hold(facts, asked);
    if (isNew) this.#tell({ type: 'token', version, fingerprint: fingerprint(accessToken), expiresIn });
  }

  /** The server stands by the token that the question was about. */
  confirm(known: HeldToken | undefined, asked: Stopwatch): void {
    if (known !== undefined && known === this.#held) this.#held = confirm(known, asked);
  }

  streamSpoke(heard: Stopwatch): void {
    this.#streamHeard = heard;
  }

  /** What the stream has vouched for holds from its last word on. */
  streamEnded(): void {
    if (this.#held !== undefined && this.#streamHeard !== undefined)
      this.#held = confirm(this.#held, this.#streamHeard);
    this.#streamHeard = undefined;
  }
}
