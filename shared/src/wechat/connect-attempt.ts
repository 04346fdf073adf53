/**
 * How long one address of WeChat may take to connect before the next one is tried. Node's own 250 ms make calls fail where
 * IPv6 leads nowhere and IPv4 is slow. The system sends a lost request to connect again after a second.
 */
export const CONNECT_ATTEMPT_MS = 1_400;
