/** Where "now" comes from. Everything that decides by time takes a clock, or the instant itself, as an argument. */
export interface Clock {
  /** Milliseconds since 1970. */
  nowMs(): number;
}

export const systemClock: Clock = { nowMs: () => Date.now() };

/** Right when the process starts, and steady from then on: it goes on evenly when somebody sets the machine's clock. */
export const steadyClock: Clock = { nowMs: () => performance.timeOrigin + performance.now() };
