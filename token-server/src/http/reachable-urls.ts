import type { AddressInfo } from 'node:net';
import type { NetworkInterfaceInfo } from 'node:os';

export interface ReachableUrls {
  /** Works on this machine: `http://…`, `https://…`, or `unix:/path` for a server on a unix socket. */
  readonly url: string;
  /** Where other machines may reach the server; empty when it listens on one address only. */
  readonly networkUrls: readonly string[];
}

/**
 * The addresses under which a listening server can be called. `0.0.0.0` and `::` mean "every address of this machine";
 * as an address to call they do not work everywhere.
 */
export function reachableUrls(
  { address, port }: Pick<AddressInfo, 'address' | 'port'>,
  interfaces: NodeJS.Dict<Pick<NetworkInterfaceInfo, 'address' | 'family' | 'internal'>[]>,
  scheme: 'http' | 'https' = 'http',
): ReachableUrls {
  const urlOf = (host: string) => `${scheme}://${host.includes(':') ? `[${host}]` : host}:${port}`;
  if (address !== '0.0.0.0' && address !== '::') return { url: urlOf(address), networkUrls: [] };
  const families = address === '::' ? ['IPv4', 'IPv6'] : ['IPv4'];
  const others = Object.values(interfaces)
    .flatMap((addresses) => addresses ?? [])
    // A link-local IPv6 address works only together with the name of an interface.
    .filter((one) => !one.internal && families.includes(one.family) && !one.address.startsWith('fe80'));
  return {
    url: urlOf(address === '::' ? 'localhost' : '127.0.0.1'),
    networkUrls: others.map((one) => urlOf(one.address)),
  };
}
