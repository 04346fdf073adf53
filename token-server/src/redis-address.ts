/** Where Redis is, and how to log in. */
export type RedisAddress =
  | (Access & { readonly kind: 'single'; readonly node: HostAndPort; readonly database: number })
  /** The embedded Redis, on a unix socket. */
  | { readonly kind: 'socket'; readonly path: string }
  | (Access & {
      readonly kind: 'sentinel';
      readonly sentinels: readonly HostAndPort[];
      /** Sentinel's name for the master. */
      readonly name: string;
      readonly database: number;
      /** For the sentinels themselves, which do not know the users of Redis. */
      readonly sentinelCredentials: Credentials;
    })
  | (Access & { readonly kind: 'cluster'; readonly nodes: readonly HostAndPort[] });

interface Access {
  readonly credentials: Credentials;
  /** Whether all connections are encrypted, those to sentinels too. */
  readonly tls: boolean;
}

interface HostAndPort {
  readonly host: string;
  readonly port: number;
}

export interface Credentials {
  readonly username?: string;
  readonly password?: string;
}

/** A parsed text, or what is wrong with it. The text itself is not repeated, since it may hold a password. */
export type Parsed<T> = { readonly value: T } | { readonly fault: string };

const FORMS = `must be in one of the forms ${[
  'redis://user:password@host:port/database',
  'redis+sentinel://user:password@host:port,host:port/NAME/database',
  'redis+cluster://user:password@host:port,host:port',
].join(', ')}; with TLS it begins with rediss`;

const NOT_ENCODED =
  'has a character in its user or password that has to be percent-encoded: % as %25, @ as %40, # as %23, / as %2F, ? as %3F';

const SENTINEL_QUERY =
  'may end with ?sentinelUsername=…&sentinelPassword=… in the form for Sentinel, both percent-encoded, and with no other query';

const SCHEME = /^(rediss?)(?:\+(sentinel|cluster))?:\/\/(.*)$/s;
const DEFAULT_PORTS = { single: 6379, sentinel: 26_379, cluster: 6379 };

/** Parses `REDIS_URL`. */
export function parseRedisUrl(text: string): Parsed<RedisAddress> {
  const [, scheme, variant = 'single', rest = ''] = SCHEME.exec(text) ?? [];
  if (scheme === undefined) return { fault: FORMS };
  const kind = variant as keyof typeof DEFAULT_PORTS;
  const at = rest.lastIndexOf('@');
  const credentials = parseCredentials(rest.slice(0, Math.max(0, at)));
  if (credentials === undefined) return { fault: NOT_ENCODED };
  const [, hosts = '', path = '', query] = /^([^/?]*)([^?]*)(?:\?(.*))?$/s.exec(rest.slice(at + 1)) ?? [];
  const nodes = hosts.split(',').map((host) => parseHost(host, DEFAULT_PORTS[kind]));
  const segments = path.split('/').filter((segment) => segment !== '');
  if (!nodes.every((node) => node !== undefined)) return { fault: FORMS };
  const sentinelCredentials = parseSentinelQuery(query);
  if (sentinelCredentials === undefined || (query !== undefined && kind !== 'sentinel'))
    return { fault: SENTINEL_QUERY };
  const name = kind === 'sentinel' ? segments.shift() : undefined;
  const [databaseText = '0', ...more] = segments;
  const database = /^\d{1,9}$/.test(databaseText) && more.length === 0 ? Number(databaseText) : undefined;
  const access = { credentials, tls: scheme === 'rediss' };
  const [node] = nodes;
  if (kind === 'single' && node !== undefined && nodes.length === 1 && database !== undefined)
    return { value: { kind, node, database, ...access } };
  if (kind === 'sentinel' && name !== undefined && database !== undefined)
    return { value: { kind, sentinels: nodes, name, database, sentinelCredentials, ...access } };
  if (kind === 'cluster' && segments.length === 0) return { value: { kind, nodes, ...access } };
  return { fault: FORMS };
}

/** The number of the database; a cluster and the embedded Redis use 0. */
export function databaseOf(address: RedisAddress): number {
  return 'database' in address ? address.database : 0;
}

/** An address without users and passwords, for people to read. */
export function describeAddress(address: RedisAddress): string {
  switch (address.kind) {
    case 'socket':
      return address.path;
    case 'single':
      return `${address.tls ? 'rediss' : 'redis'}://${list([address.node])}/${address.database}`;
    case 'sentinel': {
      const { tls, sentinels, name, database } = address;
      return `${tls ? 'rediss' : 'redis'}+sentinel://${list(sentinels)}/${name}/${database}`;
    }
    case 'cluster':
      return `${address.tls ? 'rediss' : 'redis'}+cluster://${list(address.nodes)}`;
  }
}

function list(nodes: readonly HostAndPort[]): string {
  return nodes.map(({ host, port }) => `${host}:${port}`).join(',');
}

function parseHost(text: string, defaultPort: number): HostAndPort | undefined {
  const [, host, port] = /^(\[[0-9a-f:]+\]|[\w.-]+)(?::(\d{1,5}))?$/i.exec(text) ?? [];
  return host === undefined
    ? undefined
    : { host: host.replace(/[[\]]/g, ''), port: Number(port ?? defaultPort) };
}

/** @returns undefined when a character is not percent-encoded that has to be */
function parseCredentials(text: string): Credentials | undefined {
  const [user = '', ...password] = text.split(':').map(decode);
  if (user === undefined || !password.every((part) => part !== undefined)) return undefined;
  return {
    ...(user === '' ? {} : { username: user }),
    ...(password.length > 0 ? { password: password.join(':') } : {}),
  };
}

function parseSentinelQuery(query = ''): Credentials | undefined {
  const credentials: { username?: string; password?: string } = {};
  for (const part of query.split('&').filter((text) => text !== '')) {
    const [key = '', ...value] = part.split('=');
    const decoded = decode(value.join('='));
    if (decoded === undefined) return undefined;
    if (key === 'sentinelUsername') credentials.username = decoded;
    else if (key === 'sentinelPassword') credentials.password = decoded;
    else return undefined;
  }
  return credentials;
}

function decode(text: string): string | undefined {
  if (/[@/?#\s]|%(?![0-9a-f]{2})/i.test(text)) return undefined;
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
