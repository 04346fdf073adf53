import { backOffMs } from '@zhongkong/shared';
import type { TokenServerError } from '../errors.js';

/** Of the whole time-out, so that one try that hangs leaves time for another. */
export const TRY_SHARE = 0.4;
export const TRIES_MAX = 6;
const PAUSE_MS_FIRST = 200;
const PAUSE_MS_MAX = 2_000;
const REPEATABLE = new Set([0, 429, 500, 502, 503, 504]);

export interface Failed {
  readonly error: TokenServerError;
  /** How many tries have failed, this one included. */
  readonly tries: number;
  /** What is left of the whole time-out. */
  readonly leftMs: number;
  /** 0 to 1. */
  readonly random: number;
}

/**
 * In how many milliseconds to try again, or undefined when that is of no use. The first pause is short: a server that is
 * being restarted is back in a moment. The server's own Retry-After wins, if there is time for it.
 */
export function pauseBeforeRepeating({ error, tries, leftMs, random }: Failed): number | undefined {
  const { status, code, retryAfterSeconds } = error;
  if (tries >= TRIES_MAX || !REPEATABLE.has(status)) return undefined;
  // The platform refused: asking the server again changes nothing.
  if (code === 'upstream_rejected' && retryAfterSeconds === undefined) return undefined;
  const pauseMs =
    retryAfterSeconds === undefined
      ? backOffMs({ firstMs: PAUSE_MS_FIRST, maxMs: PAUSE_MS_MAX, failures: tries, random })
      : retryAfterSeconds * 1_000;
  return pauseMs < leftMs ? pauseMs : undefined;
}

const UPDATE_RETRY_MS_FIRST = 1_000;
const UPDATE_RETRY_MS_MAX = 30_000;

/** When the background asks again after so many failures in a row; spread, so that not all services come at once. */
export function updateRetryMs(failures: number, random: number): number {
  return backOffMs({ firstMs: UPDATE_RETRY_MS_FIRST, maxMs: UPDATE_RETRY_MS_MAX, failures, random });
}

/** The server knows us not: repeating changes nothing until somebody mends the key. */
export function isRefusal({ status }: TokenServerError): boolean {
  return status === 401 || status === 403;
}
