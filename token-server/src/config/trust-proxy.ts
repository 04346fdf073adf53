import { isIP } from 'node:net';
import proxyAddr from 'proxy-addr';
import type { Parsed } from '../redis-address.js';

/** Addresses, CIDR networks, and the words that Express knows. */
export type TrustedProxies = readonly string[];

const WORDS = ['loopback', 'linklocal', 'uniquelocal'];

/** Reads `10.0.0.0/8, loopback`: whose `X-Forwarded-For` counts. */
export function parseTrustProxy(text: string): Parsed<TrustedProxies> {
  const entries = text.split(',').map((entry) => entry.trim());
  const wrong = entries.findIndex((entry) => !isAddress(entry));
  if (wrong === -1) return { value: entries };
  const fault = `entry ${wrong + 1} is no address and no network: give addresses (10.0.0.7), networks (10.0.0.0/8) or the words loopback, linklocal, uniquelocal, with commas between them`;
  return { fault };
}

/**
 * Whether the sender with this address may say on whose behalf it asks. Undefined: a connection over a unix socket, whose
 * file only local users may open; it counts as `loopback`.
 */
export function trustOf(proxies: TrustedProxies): (address: string | undefined, hop: number) => boolean {
  const trust = proxyAddr.compile([...proxies]);
  const trustsSocket = proxies.includes('loopback');
  return (address, hop) => (address === undefined ? trustsSocket : trust(address, hop));
}

function isAddress(entry: string): boolean {
  if (WORDS.includes(entry)) return true;
  // The library takes `1` for an address, too; as a number of proxies, which Express knows as well, it is not safe.
  if (isIP(entry.split('/')[0] ?? '') === 0) return false;
  try {
    proxyAddr.compile([entry]);
    return true;
  } catch {
    return false;
  }
}
