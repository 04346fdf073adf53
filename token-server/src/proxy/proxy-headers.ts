import type { IncomingHttpHeaders } from 'node:http';
import { redact } from '@zhongkong/shared';

/** What WeChat's APIs use. Nothing else is passed on: no key, no cookie, nothing that names another host or path. */
const REQUEST_HEADERS =
  /^(?:accept|accept-language|content-type|content-encoding|content-disposition|range|if-[a-z-]+|user-agent|wechatmp-[a-z-]+)$/;

/**
 * What a client needs of WeChat's answer. Nothing else is passed back: nothing that steers a server in front of this one,
 * nothing about caches, cookies or connections, and nothing that speaks for our host.
 */
const RESPONSE_HEADERS =
  /^(?:content-(?:type|length|encoding|disposition|language|range)|accept-ranges|etag|last-modified|date|retry-after|allow|wechatmp-[a-z-]+)$/;

/** An answer is for its caller alone, is what its type says, and can do nothing as a page of our host. */
const ADDED = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; sandbox",
};

export type ProxyHeaders = Record<string, string | string[]>;

/** The headers that go to WeChat. The answer is requested uncompressed, since a fault in it must be found. */
export function requestHeaders(headers: IncomingHttpHeaders): ProxyHeaders {
  const connection = new Set(listOf(headers.connection));
  const passed = Object.entries(headers).filter(
    (entry): entry is [string, string] =>
      typeof entry[1] === 'string' && REQUEST_HEADERS.test(entry[0]) && !connection.has(entry[0]),
  );
  return { 'user-agent': 'zhongkong', ...Object.fromEntries(passed), 'accept-encoding': 'identity' };
}

export interface ResponseHeadersContext {
  /** Without a slash at its end. */
  readonly baseUrl: string;
  /** The URL of the call, without its query. */
  readonly requestUrl: string;
  /** What stands for the base URL at the client: `/proxy/{appId}`. */
  readonly mount: string;
  /** What no header may hold. */
  readonly secrets: readonly string[];
}

/**
 * The headers of the answer, without a secret in any of them. A redirect is passed on only if it leads through the proxy
 * again; one that leads elsewhere keeps its status and loses its `Location`, since a client that followed it would send
 * its key there.
 */
export function responseHeaders(headers: IncomingHttpHeaders, context: ResponseHeadersContext): ProxyHeaders {
  const clean = (text: string) => redact(text, context.secrets);
  const connection = new Set(listOf(single(headers.connection)));
  const passed: ProxyHeaders = { ...ADDED };
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined || !RESPONSE_HEADERS.test(name) || connection.has(name)) continue;
    passed[name] = Array.isArray(value) ? value.map(clean) : clean(value);
  }
  const location = locationFor(single(headers.location), context);
  return location === undefined ? passed : { ...passed, location };
}

function locationFor(location: string | undefined, context: ResponseHeadersContext): string | undefined {
  const { baseUrl, requestUrl, mount, secrets } = context;
  if (location === undefined || !URL.canParse(location, requestUrl)) return undefined;
  const { origin, pathname, search, searchParams } = new URL(location, requestUrl);
  const base = new URL(baseUrl);
  const prefix = base.pathname.replace(/\/$/, '');
  if (origin !== base.origin || !pathname.startsWith(`${prefix}/`)) return undefined;
  // Two slashes at the beginning would name a host.
  if (pathname.startsWith('//', prefix.length)) return undefined;
  const query = searchParams.has('access_token') ? withoutToken(searchParams) : search;
  return redact(`${mount}${pathname.slice(prefix.length)}${query}`, secrets);
}

function withoutToken(parameters: URLSearchParams): string {
  parameters.delete('access_token');
  return parameters.size === 0 ? '' : `?${parameters}`;
}

function listOf(header: string | undefined): string[] {
  return (header ?? '')
    .toLowerCase()
    .split(',')
    .map((name) => name.trim());
}

function single(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}
