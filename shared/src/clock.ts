/** Where "now" comes from. Everything that decides by time takes a clock, or the instant itself, as an argument. */
export interface Clock {
  /** Milliseconds since 1970. */
  nowMs(): number;
}

export const systemClock: Clock = { nowMs: () => Date.now() };
