/** Without a drain delay. As long as idle connections get anyway, so that a stop takes no longer. */
const SPREAD_MS = 1_000;
/** Before that share of the drain delay a load balancer may still send a reader that comes back to this server. */
const NOTICED_AT = 0.5;
/** What is left after that is for streams that opened late, and for slow readers. */
const ENDED_AT = 0.9;
/** Browsers wait for three seconds by default, all of them alike. */
const RETRY_MS = { least: 500, most: 3_500 };

/** When one stream of a server that stops is ended, and what its reader gets to know. */
export interface MovePlan {
  /** From now. */
  readonly endInMs: number;
  /** The `retry` of Server-Sent Events: how long a plain reader waits before it connects again. */
  readonly retryMs: number;
}

/**
 * Spreads the streams of a server that stops, so that their readers do not all come to the other servers at once.
 * @param leftMs what is left of the drain delay @param randoms two numbers, 0 ≤ random < 1
 */
export function planMove(leftMs: number, [forEnd, forRetry]: readonly [number, number]): MovePlan {
  const from = NOTICED_AT * leftMs;
  const until = leftMs > 0 ? ENDED_AT * leftMs : SPREAD_MS;
  return {
    endInMs: Math.round(from + forEnd * (until - from)),
    retryMs: Math.round(RETRY_MS.least + forRetry * (RETRY_MS.most - RETRY_MS.least)),
  };
}

/** The last event of a stream: it ends now, and the next server is the place to go. */
export function encodeMove({ retryMs }: MovePlan): Buffer {
  return Buffer.from(`retry: ${retryMs}\nevent: move\ndata: {}\n\n`);
}
