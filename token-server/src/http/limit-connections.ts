import type { Server } from 'node:net';
import type { Logger } from '../logger.js';
import { openFilesMax } from '../open-files.js';

/** Files that the process needs besides its connections from clients: to Redis, to WeChat, its own. */
const OTHER_FILES = 512;
const WARN_EVERY_MS = 60_000;

/**
 * The connections that a server may have at a time, and why it is fewer than wished. A connection that finds no free file
 * would wait for ever, where one beyond the limit is closed at once.
 */
export function connectionsFor(wished: number, openFiles: number): { max: number; warning?: string } {
  const max = Math.min(wished, Math.max(1, openFiles - OTHER_FILES));
  if (max === wished) return { max };
  const warning = `this process may open ${openFiles} files only, so it takes ${max} connections in place of MAX_CONNECTIONS=${wished}: raise the limit (ulimit -n, LimitNOFILE) or lower MAX_CONNECTIONS`;
  return { max, warning };
}

/** Closes every connection beyond the limit at once, and says so once a minute. */
export function limitConnections(server: Server, wished: number, log: Pick<Logger, 'warn'>): void {
  const { max, warning } = connectionsFor(wished, openFilesMax());
  if (warning !== undefined) log.warn(warning);
  server.maxConnections = max;
  let refused = 0;
  let warnedAt = Number.NEGATIVE_INFINITY;
  server.on('drop', () => {
    refused += 1;
    if (performance.now() - warnedAt < WARN_EVERY_MS) return;
    warnedAt = performance.now();
    log.warn(
      { refused, maxConnections: max },
      'connections are refused, since as many as MAX_CONNECTIONS are open',
    );
    refused = 0;
  });
}
