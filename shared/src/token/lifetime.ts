/** What follows for a token's life from plain numbers. Instants and durations in milliseconds. */
export interface Lifetime {
  /** When the token dies of age. */
  readonly expiresAtMs: number;
  /** Its whole life, as WeChat reported it when the token was first seen. */
  readonly lifeMs: number;
}

/** Longest time that a client may keep a token without asking again; WeChat itself advises a minute. */
const REFRESH_IN_SECONDS_MAX = 60;

/** Whole seconds that the token has left, rounded down, never negative. */
export function secondsLeft(lifetime: Lifetime, nowMs: number): number {
  return Math.max(0, Math.floor((lifetime.expiresAtMs - nowMs) / 1000));
}

/** A token counts as alive while at least one whole second is left: less cannot be used by anybody. */
export function isLive(lifetime: Lifetime, nowMs: number): boolean {
  return secondsLeft(lifetime, nowMs) >= 1;
}

/**
 * In how many whole seconds a client should ask again: at most 60, at most a tenth of the token's whole life and
 * at most what is left of it. A replaced token lives on for 300 of 7200 seconds (the overlap), so a
 * client that keeps to this never holds a dead one.
 */
export function refreshInSeconds(lifetime: Lifetime, nowMs: number): number {
  const tenthSeconds = Math.floor(lifetime.lifeMs / 10_000);
  return Math.min(REFRESH_IN_SECONDS_MAX, tenthSeconds, secondsLeft(lifetime, nowMs));
}

/** The next version of a token: it grows for ever, also when the count was lost with the data. */
export function nextVersion(lastVersion: number, nowMs: number): number {
  return Math.max(lastVersion + 1, Math.floor(nowMs / 1000));
}
