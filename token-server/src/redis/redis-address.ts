/** Where Redis is. */
export type RedisAddress =
  | { readonly kind: 'single'; readonly url: string }
  /** The embedded Redis, on a unix socket. */
  | { readonly kind: 'socket'; readonly path: string }
  | {
      readonly kind: 'sentinel';
      readonly sentinels: readonly HostAndPort[];
      /** Sentinel's name for the master. */
      readonly name: string;
      readonly credentials: Credentials;
    }
  | { readonly kind: 'cluster'; readonly nodes: readonly HostAndPort[]; readonly credentials: Credentials };

export interface HostAndPort {
  readonly host: string;
  readonly port: number;
}

export interface Credentials {
  readonly username?: string;
  readonly password?: string;
}

/** The forms of REDIS_URL, for error messages. */
export const REDIS_URL_FORMS =
  'redis://host:port, rediss://host:port, redis+sentinel://host:port,host:port/NAME or redis+cluster://host:port,host:port';

const SEVERAL = /^redis\+(sentinel|cluster):\/\/(?:([^@/]*)@)?([^/@?#]+)(?:\/([^/?#]*))?$/;

/**
 * Parses `REDIS_URL`. User and password stand before the hosts, as in `redis://user:password@host`.
 * @returns undefined when it has none of the forms
 */
export function parseRedisUrl(url: string): RedisAddress | undefined {
  if (/^rediss?:\/\//.test(url)) {
    const isValid = URL.canParse(url) && /^\/?\d*$/.test(new URL(url).pathname);
    return isValid ? { kind: 'single', url } : undefined;
  }
  const [, kind, user, hosts = '', name = ''] = SEVERAL.exec(url) ?? [];
  const nodes = hosts.split(',').map((text) => parseHost(text, kind === 'sentinel' ? 26_379 : 6_379));
  if (kind === undefined || !nodes.every((node) => node !== undefined)) return undefined;
  const credentials = parseCredentials(user);
  if (kind === 'cluster') return name === '' ? { kind, nodes, credentials } : undefined;
  return name === '' ? undefined : { kind: 'sentinel', sentinels: nodes, name, credentials };
}

/** The database number in the URL of a single Redis; 0 when there is none. */
export function databaseOf(url: string): number {
  return Number(new URL(url).pathname.slice(1));
}

/** An address without user and password, for people to read. */
export function describeAddress(address: RedisAddress): string {
  const list = (nodes: readonly HostAndPort[]) => nodes.map(({ host, port }) => `${host}:${port}`).join(',');
  switch (address.kind) {
    case 'single': {
      const { protocol, host } = new URL(address.url);
      return `${protocol}//${host}`;
    }
    case 'socket':
      return address.path;
    case 'sentinel':
      return `redis+sentinel://${list(address.sentinels)}/${address.name}`;
    case 'cluster':
      return `redis+cluster://${list(address.nodes)}`;
  }
}

function parseHost(text: string, defaultPort: number): HostAndPort | undefined {
  const [, host, port] = /^(\[[0-9a-f:]+\]|[\w.-]+)(?::(\d{1,5}))?$/i.exec(text) ?? [];
  return host === undefined
    ? undefined
    : { host: host.replace(/[[\]]/g, ''), port: Number(port ?? defaultPort) };
}

function parseCredentials(text: string | undefined): Credentials {
  const [username, ...password] = (text ?? '').split(':');
  return {
    ...(username ? { username: decodeURIComponent(username) } : {}),
    ...(password.length > 0 ? { password: decodeURIComponent(password.join(':')) } : {}),
  };
}
