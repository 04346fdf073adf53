import type { IncomingHttpHeaders } from 'node:http';
import { redact } from '@zhongkong/shared';

/** What WeChat's APIs use. Nothing else is passed on: no key, no cookie, nothing that names another host or path. */
const REQUEST_HEADERS =
  /^(?:accept|accept-language|content-type|content-encoding|content-disposition|range|if-[a-z-]+|user-agent|wechatmp-[a-z-]+)$/;

/** Headers of one connection (RFC 9110, 7.6.1), and those that would speak for our host. */
const NOT_PASSED_BACK = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authentication-info',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'alt-svc',
  'strict-transport-security',
  'set-cookie',
  'set-cookie2',
  'location',
  'content-location',
  'refresh',
  'link',
]);

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
  const passed: ProxyHeaders = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined || NOT_PASSED_BACK.has(name) || connection.has(name)) continue;
    passed[name] = Array.isArray(value) ? value.map(clean) : clean(value);
  }
  const location = locationFor(single(headers.location), context);
  return location === undefined ? passed : { ...passed, location };
}

function locationFor(location: string | undefined, context: ResponseHeadersContext): string | undefined {
  const { baseUrl, mount, secrets } = context;
  if (location === undefined || !URL.canParse(location, `${baseUrl}/`)) return undefined;
  const { origin, pathname, search, searchParams } = new URL(location, `${baseUrl}/`);
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
