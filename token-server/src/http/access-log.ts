import type { AccessLogMode } from '../config/config.js';
import type { Logger } from '../logger.js';

/** Failed requests that `errors` writes in a second; an outage or an attack must not fill the log. */
export const ERROR_LINES_PER_SECOND = 20;
const SECOND_MS = 1_000;

/** One answered request. Never its query or a header, since keys and tokens travel there. */
export interface AnsweredRequest {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  /** The name of the client, if its key was right. */
  readonly client: string | undefined;
  readonly address: string;
  readonly requestId: string;
  readonly tookMs: number;
  /** The code of a fault in WeChat's shape, which has HTTP 200. */
  readonly errcode?: number;
  /** The connection ended before the answer did. */
  readonly aborted?: true;
}

/**
 * Writes requests to the log. Reads of tokens come by the thousand a second, so what is not asked for appears at level
 * debug only.
 */
export function createAccessLog(
  log: Pick<Logger, 'info' | 'debug'>,
  mode: AccessLogMode,
): (request: AnsweredRequest) => void {
  let written = 0;
  let omitted = 0;
  let isCounting = false;

  function endSecond(): void {
    if (omitted > 0) log.info({ omitted }, 'more requests failed than ACCESS_LOG=errors writes in a second');
    isCounting = false;
    written = 0;
    omitted = 0;
  }

  function isWritten(request: AnsweredRequest): boolean {
    if (mode !== 'errors') return mode === 'all';
    if (!hasFailed(request)) return false;
    if (!isCounting) setTimeout(endSecond, SECOND_MS).unref();
    isCounting = true;
    if (written < ERROR_LINES_PER_SECOND) written += 1;
    else omitted += 1;
    return omitted === 0;
  }

  return (request) => log[isWritten(request) ? 'info' : 'debug'](request, 'request');
}

function hasFailed({ status, errcode }: AnsweredRequest): boolean {
  return status >= 400 || errcode !== undefined;
}
