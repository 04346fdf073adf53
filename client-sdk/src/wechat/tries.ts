import { backOffMs } from '@zhongkong/shared';
import { type Stopwatch, startStopwatch } from '../token/stopwatch.js';

const PAUSE_MS_FIRST = 500;
const PAUSE_MS_MAX = 2_000;
/** All tries of a call together, in time-outs of one. */
const TIME_OUTS_MAX = 2;

export interface FailedTry {
  /** How often the call was repeated before. */
  readonly repeats: number;
  readonly repeatsMax: number;
  /** What is left for the pause and all further tries. */
  readonly leftMs: number;
  /** What the answer asked for, if there was one. */
  readonly retryAfterMs?: number | undefined;
  /** 0 to 1. */
  readonly random: number;
}

/** In how many milliseconds to send a call again that failed in passing, or undefined when it has been tried enough. */
export function pauseBeforeRepeating(failed: FailedTry): number | undefined {
  const { repeats, repeatsMax, leftMs, retryAfterMs = 0, random } = failed;
  if (repeats >= repeatsMax) return undefined;
  const timing = { firstMs: PAUSE_MS_FIRST, maxMs: PAUSE_MS_MAX, failures: repeats + 1, random };
  const pauseMs = Math.max(retryAfterMs, backOffMs(timing));
  return pauseMs < leftMs ? pauseMs : undefined;
}

/** The tries of one call. What its token costs, in time, does not count. */
export class Tries {
  #leftMs: number;
  #repeats = 0;
  #current: Stopwatch = startStopwatch();

  /** @param timeoutMs how long one try may take */
  constructor(timeoutMs: number) {
    this.#leftMs = timeoutMs * TIME_OUTS_MAX;
  }

  get leftMs(): number {
    return this.#leftMs;
  }

  begin(): void {
    this.#current = startStopwatch();
  }

  /** A try has failed. @returns the pause before the next one, or undefined when there is to be none */
  pauseBeforeNext({ repeatsMax, retryAfterMs }: Pick<FailedTry, 'repeatsMax' | 'retryAfterMs'>) {
    this.#leftMs -= this.#current.steadyMs();
    const [repeats, leftMs, random] = [this.#repeats, this.#leftMs, Math.random()];
    const pauseMs = pauseBeforeRepeating({ repeats, repeatsMax, leftMs, retryAfterMs, random });
    if (pauseMs === undefined) return undefined;
    this.#repeats += 1;
    this.#leftMs -= pauseMs;
    return pauseMs;
  }
}
