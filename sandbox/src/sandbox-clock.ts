/** Where the time comes from. */
export interface Clock {
  /** Unix milliseconds. */
  nowMs(): number;
}

export const systemClock: Clock = { nowMs: () => Date.now() };

/** A clock that runs with another one and can be set ahead of it. */
export class MovableClock implements Clock {
  /** How far ahead of `base` it is. */
  offsetMs = 0;
  readonly #base: Clock;

  constructor(base: Clock) {
    this.#base = base;
  }

  nowMs(): number {
    return this.#base.nowMs() + this.offsetMs;
  }
}
