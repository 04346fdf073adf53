import type { Stopwatch } from './stopwatch.js';

/** What the server says of a token. */
export interface TokenFacts {
  readonly accessToken: string;
  readonly version: number;
  /** Seconds. */
  readonly expiresIn: number;
  /** Seconds. */
  readonly refreshIn: number;
}

/**
 * What a held token is good for.
 * - `fresh`: use it
 * - `renew`: use it, and ask the server meanwhile whether there is a newer one
 * - `stale`: ask first, because it may have been replaced; use it all the same if the server does not answer
 * - `expired`: of no use
 */
export type TokenPhase = 'fresh' | 'renew' | 'stale' | 'expired';

/** Even a token that lives for seconds only is asked about at most this often. */
const RENEW_MS_MIN = 500;
/** And every token at least this often: a server that says otherwise would have replaced tokens used past their end. */
const RENEW_MS_MAX = 60_000;

/** A token in memory, with the time that has passed since the server gave it and since it last stood by it. */
export interface HeldToken extends TokenFacts {
  readonly given: Stopwatch;
  readonly confirmed: Stopwatch;
}

/** @param asked started when the question was sent, so that a slow answer makes no token look younger */
export function hold(facts: TokenFacts, asked: Stopwatch): HeldToken {
  const { accessToken, version, expiresIn, refreshIn } = facts;
  return { accessToken, version, expiresIn, refreshIn, given: asked, confirmed: asked };
}

/** In how many milliseconds the server wants to be asked again. */
export function renewAfterMs({ refreshIn }: Pick<TokenFacts, 'refreshIn'>): number {
  return Math.min(RENEW_MS_MAX, Math.max(RENEW_MS_MIN, refreshIn * 1000));
}

export function leftMs({ expiresIn, given }: HeldToken): number {
  return expiresIn * 1000 - given.steadyMs();
}

/**
 * A token is stale after twice the time in which the server wants to be asked: less than the platform's overlap, so
 * a replaced token is not used past its end.
 */
export function phaseOf(held: HeldToken): TokenPhase {
  if (leftMs(held) <= 0) return 'expired';
  const unconfirmedMs = held.confirmed.atMostMs();
  if (unconfirmedMs < renewAfterMs(held)) return 'fresh';
  return unconfirmedMs < 2 * renewAfterMs(held) ? 'renew' : 'stale';
}

/** The same token after the server has said that it is still the current one. */
export function confirm(held: HeldToken, asked: Stopwatch): HeldToken {
  return { ...held, confirmed: asked };
}
