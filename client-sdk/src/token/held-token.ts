import { longestMsBetween, type Moment, steadyMsBetween } from '../http/clock.js';

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
 * - `expired`: do not use it
 */
export type TokenPhase = 'fresh' | 'renew' | 'stale' | 'expired';

/** Even a token that lives for seconds only is asked about at most this often. */
const RENEW_MS_MIN = 500;
/** And every token at least this often: a server that says otherwise would have replaced tokens used past their end. */
const RENEW_MS_MAX = 60_000;
/** The server says something on a stream at least every 15 s; after this silence nothing can be concluded from it. */
export const STREAM_TRUST_MS = 20_000;

/** A token in memory, with the moments at which the server gave it, and last confirmed it. */
export interface HeldToken extends TokenFacts {
  readonly given: Moment;
  readonly confirmed: Moment;
}

/** @param asked when the question was sent, so that a slow answer makes no token look younger */
export function toHeldToken(facts: TokenFacts, asked: Moment): HeldToken {
  const { accessToken, version, expiresIn, refreshIn } = facts;
  return { accessToken, version, expiresIn, refreshIn, given: asked, confirmed: asked };
}

/** In how many milliseconds the server wants to be asked again. */
export function renewAfterMs({ refreshIn }: Pick<TokenFacts, 'refreshIn'>): number {
  return Math.min(RENEW_MS_MAX, Math.max(RENEW_MS_MIN, refreshIn * 1000));
}

export function leftMs({ expiresIn, given }: HeldToken, now: Moment): number {
  return expiresIn * 1000 - steadyMsBetween(given, now);
}

/**
 * A token is stale after twice the time in which the server wants to be asked: less than WeChat's overlap, so a
 * replaced token is not used past its end. An open stream would have brought a newer one.
 * @param heard when the stream last said something; undefined while there is no stream
 */
export function phaseOf(held: HeldToken, now: Moment, heard?: Moment): TokenPhase {
  if (leftMs(held, now) <= 0) return 'expired';
  if (heard !== undefined && longestMsBetween(heard, now) < STREAM_TRUST_MS) return 'fresh';
  const unconfirmedMs = longestMsBetween(held.confirmed, now);
  if (unconfirmedMs < renewAfterMs(held)) return 'fresh';
  return unconfirmedMs < 2 * renewAfterMs(held) ? 'renew' : 'stale';
}

/** Until when a token is certainly fresh, by either clock. */
export function freshUntil(held: HeldToken, heard?: Moment): Moment {
  const { steadyMs, wallMs } = heard ?? held.confirmed;
  const trustMs = heard === undefined ? renewAfterMs(held) : STREAM_TRUST_MS;
  const endsAtMs = held.given.wallMs + held.expiresIn * 1000;
  return {
    steadyMs: Math.min(steadyMs + trustMs, deadAtMs(held)),
    wallMs: Math.min(wallMs + trustMs, endsAtMs),
  };
}

/** When a token ends, by the monotonic clock. */
export function deadAtMs({ expiresIn, given }: HeldToken): number {
  return given.steadyMs + expiresIn * 1000;
}

/** The same token after the server has said that it is still the current one. */
export function confirm(held: HeldToken, asked: Moment): HeldToken {
  return { ...held, confirmed: asked };
}
