/** What a request may cost before anybody has looked at it; docs/configuration.md lists all of it. */
export const HEADERS_KIB_MAX = 16;
export const HEADERS_MAX = 100;
/** Of routes that read their body; a proxied body is passed on as it comes. */
export const BODY_KIB_MAX = 16;
/** A client that sends slower than this is disconnected; the body of an upload through the proxy may take longer. */
export const HEADERS_TIMEOUT_MS = 30_000;
export const REQUEST_TIMEOUT_MS = 300_000;
export const HANDSHAKE_TIMEOUT_MS = 10_000;
