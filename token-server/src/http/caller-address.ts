import { isIP } from 'node:net';
import type { Request } from 'express';

/**
 * The address of the caller: that of the connection, or what the reverse proxies that TRUST_PROXY names say of it. Empty
 * over a unix socket without such a proxy.
 */
export function callerAddress({
  ip,
  socket,
}: Pick<Request, 'ip'> & { socket: { remoteAddress?: string | undefined } }): string {
  // What a proxy passes on unseen could be any text.
  return plain(ip) || plain(socket.remoteAddress);
}

/** Without the port that some proxies add, and without the prefix of an IPv4 address in the form of IPv6. */
function plain(address = ''): string {
  const [, host = address] = /^\[(.+)\](?::\d+)?$/.exec(address) ?? /^([\d.]+):\d+$/.exec(address) ?? [];
  const short = host.replace(/^::ffff:(?=[\d.]+$)/i, '');
  return isIP(short) === 0 ? '' : short;
}
