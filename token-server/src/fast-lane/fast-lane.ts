import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '@zhongkong/shared';
import { matchesEtag } from '../http/etag.js';
import { requestIdOf } from '../http/request-id.js';
import type { Metrics } from '../metrics/metrics.js';
import { appOfRead } from './app-of-read.js';
import { KnownKeys, type KnownKeysDeps } from './known-keys.js';
import { PreparedReads, type PreparedReadsDeps, REQUEST_ID_AT } from './prepared-reads.js';

export interface FastLaneDeps extends KnownKeysDeps, PreparedReadsDeps {
  readonly clock: Clock;
  readonly metrics: Pick<Metrics, 'requested'>;
  /** The name of the route in the metrics. */
  readonly route: string;
  /** Whether the lane may be used now: not while somebody wants to see each request. */
  readonly isOpen: () => boolean;
}

/** Answers a request at once if it can. @returns false: nothing was done */
export type FastLane = (request: IncomingMessage, response: ServerResponse) => boolean;

/**
 * Reads of tokens, and 304, straight from memory: what Express and the checks of a route cost is many times what the
 * answer itself does. It gives only answers that the ordinary way would give too, byte for byte; every request that could
 * end otherwise goes there. The reasons are in docs/adr/0024-a-fast-lane-for-reads.md.
 */
export function createFastLane({ clock, metrics, route, isOpen, ...deps }: FastLaneDeps): FastLane {
  const keys = new KnownKeys(deps);
  const reads = new PreparedReads(deps);
  return (request, response) => {
    const appId = appOfRead(request);
    if (appId === undefined || !isOpen()) return false;
    const startedAt = performance.now();
    const { authorization = '', 'if-none-match': ifNoneMatch, 'x-request-id': givenId } = request.headers;
    const nowMs = clock.nowMs();
    if (!keys.mayRead(authorization, appId, nowMs)) return false;
    const read = reads.of(appId, nowMs);
    if (read === undefined) return false;
    const isKnown =
      ifNoneMatch !== undefined && (ifNoneMatch === read.etag || matchesEtag(ifNoneMatch, read.etag));
    const status = isKnown ? 304 : 200;
    response.once('close', () =>
      metrics.requested('GET', route, status, (performance.now() - startedAt) / 1000),
    );
    const headers = isKnown ? read.headersOf304 : read.headers;
    headers[REQUEST_ID_AT] = requestIdOf(givenId);
    // Node reads the headers at once, so that they can be used again.
    response.writeHead(status, headers);
    if (isKnown) response.end();
    else response.end(read.body, 'latin1');
    return true;
  };
}
