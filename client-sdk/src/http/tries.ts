import { backOffMs } from '@zhongkong/shared';
import { pause } from './pause.js';

/** How often a request is sent, and how long all of that may take. */
export interface RetryLimits {
  readonly triesMax: number;
  /** Longest time for one try. */
  readonly tryMs: number;
  /** All tries and the pauses between them. */
  readonly wholeMs: number;
  readonly firstPauseMs: number;
  readonly maxPauseMs: number;
}

export interface FailedTry extends Pick<RetryLimits, 'triesMax' | 'firstPauseMs' | 'maxPauseMs'> {
  /** Failed tries so far, this one included. */
  readonly failures: number;
  /** What is left for the pause and all further tries. */
  readonly leftMs: number;
  /** How long the answer asked to wait, if there was one. */
  readonly retryAfterMs?: number | undefined;
  /** 0 ≤ random < 1. */
  readonly random: number;
}

/** In how many milliseconds to try again, or undefined when there were enough tries or there is no time. */
export function pauseAfter(failed: FailedTry): number | undefined {
  const { failures, triesMax, leftMs, retryAfterMs = 0, firstPauseMs, maxPauseMs, random } = failed;
  if (failures >= triesMax) return undefined;
  const timing = { firstMs: firstPauseMs, maxMs: maxPauseMs, failures, random };
  const pauseMs = Math.max(retryAfterMs, backOffMs(timing));
  return pauseMs < leftMs ? pauseMs : undefined;
}

/** The tries of one call. Only the time between `begin` and `fail` counts, not what a token costs. */
export class Tries {
  readonly #limits: RetryLimits;
  #leftMs: number;
  #failures = 0;
  #begunAtMs = 0;

  constructor(limits: RetryLimits) {
    this.#limits = limits;
    this.#leftMs = limits.wholeMs;
  }

  /** A try begins. @returns how long it may take */
  begin(): number {
    this.#begunAtMs = performance.now();
    return Math.min(this.#limits.tryMs, this.#leftMs);
  }

  /** The try has failed. @returns the pause before the next one, or undefined when there is to be none */
  fail({ retryAfterMs, triesMax = this.#limits.triesMax }: Verdict & { triesMax?: number } = {}) {
    this.#leftMs -= performance.now() - this.#begunAtMs;
    const failures = this.#failures + 1;
    const [leftMs, random] = [this.#leftMs, Math.random()];
    const pauseMs = pauseAfter({ ...this.#limits, triesMax, failures, leftMs, retryAfterMs, random });
    if (pauseMs === undefined) return undefined;
    this.#failures = failures;
    this.#leftMs -= pauseMs;
    return pauseMs;
  }
}

/** A try failed in a way that may pass. */
export interface Verdict {
  /** How long the answer asked to wait. */
  readonly retryAfterMs?: number | undefined;
}

export interface RepeatSteps<Answer> {
  /** One try. */
  attempt(timeoutMs: number): Promise<Answer>;
  /** Whether the same may succeed later; undefined: the answer stands. */
  judge(answer: Answer): Verdict | undefined;
  /** The same for what a try threw. */
  judgeError(error: unknown): Verdict | undefined;
  /** Ends a pause; the error then is that of the last try. */
  readonly closed?: AbortSignal | undefined;
}

/** The one loop by which this package repeats a request. @returns the last answer @throws what the last try threw */
export async function repeat<Answer>(tries: Tries, steps: RepeatSteps<Answer>): Promise<Answer> {
  for (;;) {
    let answer: Answer | undefined;
    let error: unknown;
    let verdict: Verdict | undefined;
    try {
      answer = await steps.attempt(tries.begin());
      verdict = steps.judge(answer);
    } catch (thrown) {
      error = thrown;
      verdict = steps.judgeError(thrown);
    }
    const pauseMs = verdict && tries.fail(verdict);
    if (pauseMs !== undefined && !steps.closed?.aborted) {
      await pause(pauseMs, steps.closed);
      if (!steps.closed?.aborted) continue;
    }
    if (error !== undefined) throw error;
    return answer as Answer;
  }
}
