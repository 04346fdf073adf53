import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https';
import type { SecureContextOptions } from 'node:tls';
import type { TlsMaterial } from '../config/tls-files.js';
import { HANDSHAKE_TIMEOUT_MS, HEADERS_KIB_MAX, HEADERS_TIMEOUT_MS, REQUEST_TIMEOUT_MS } from './limits.js';

/** How long clients may take. */
export interface Timeouts {
  /** For an idle connection between two requests. */
  readonly keepAliveMs: number;
  /** @defaultValue HEADERS_TIMEOUT_MS */
  readonly headersMs?: number;
  /** How often those that are too slow are looked for. @defaultValue 5000 */
  readonly checkEveryMs?: number;
}

const CHECK_EVERY_MS = 5_000;

/** A server with its limits, for HTTPS if there is a certificate. */
export function createHttpServer(
  handler: RequestListener,
  tls: TlsMaterial | undefined,
  { keepAliveMs, headersMs = HEADERS_TIMEOUT_MS, checkEveryMs = CHECK_EVERY_MS }: Timeouts,
): Server | TlsServer {
  const options = {
    maxHeaderSize: HEADERS_KIB_MAX * 1024,
    headersTimeout: headersMs,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: keepAliveMs,
    connectionsCheckingInterval: checkEveryMs,
  };
  const server =
    tls === undefined
      ? createServer(options, handler)
      : createTlsServer({ ...options, ...secureContextOf(tls), ...handshakeOf(tls) }, handler);
  // Headers beyond Node's limit would be dropped silently; `limitHeaders` refuses them instead.
  server.maxHeadersCount = 0;
  return server;
}

/** What changes when the files are read again. */
export function secureContextOf({ cert, key, clientCa }: TlsMaterial): SecureContextOptions {
  return { cert, key, minVersion: 'TLSv1.2', ...(clientCa && { ca: clientCa }) };
}

/** A client without a certificate of the right authority is disconnected before it can send a request. */
function handshakeOf({ clientCa }: TlsMaterial) {
  const asks = clientCa !== undefined;
  return { handshakeTimeout: HANDSHAKE_TIMEOUT_MS, requestCert: asks, rejectUnauthorized: asks };
}
