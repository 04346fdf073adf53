import { supersede, type TokenRecord } from './token-record.js';

/** The tokens of one app from one endpoint. Plain data, kept in the state file as it is. */
export interface TokenPool {
  current?: TokenRecord;
  /** The one before, which may live on for the overlap. */
  previous?: TokenRecord;
}

/**
 * Makes `fresh` the current token. The old one lives on for the overlap, five minutes on the platform, and never
 * beyond its own expiry; an older one that still lived is dropped at once.
 * @returns the token that left the pool
 * @see https://developers.weixin.qq.com/doc/oplatform/developers/dev/AccessToken.html
 */
export function rotate(
  pool: TokenPool,
  fresh: TokenRecord,
  overlapMs: number,
  nowMs: number,
): TokenRecord | undefined {
  const dropped = pool.previous;
  if (dropped) supersede(dropped, nowMs, nowMs);
  if (pool.current) {
    supersede(pool.current, nowMs + overlapMs, nowMs);
    pool.previous = pool.current;
  } else {
    delete pool.previous;
  }
  pool.current = fresh;
  return dropped;
}

/** Whether stable_token, called in normal mode, has to issue a new token. */
export function isRenewalDue(pool: TokenPool, nowMs: number): boolean {
  return pool.current === undefined || nowMs >= pool.current.renewFromMs;
}
