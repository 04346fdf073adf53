/** The proxy of the company's network, as the environment names it; a value of lower case goes first, as with curl. */
export interface ProxyVariables {
  readonly HTTPS_PROXY?: URL | undefined;
  readonly HTTP_PROXY?: URL | undefined;
  /** Hosts that are reached without it: names, `.domain`, `*.domain`, `host:port`, `*` for all; commas between them. */
  readonly NO_PROXY?: string | undefined;
}

/** The proxy through which a URL is reached; undefined: directly. */
export function proxyFor(target: string, { HTTPS_PROXY, HTTP_PROXY, NO_PROXY = '' }: ProxyVariables) {
  const { protocol, hostname, port } = new URL(target);
  const address = `${hostname}:${port || (protocol === 'https:' ? 443 : 80)}`;
  const isDirect = NO_PROXY.toLowerCase()
    .split(/[\s,]+/)
    .some(
      (entry) => entry === '*' || (entry !== '' && (matches(hostname, entry) || matches(address, entry))),
    );
  if (isDirect) return undefined;
  return protocol === 'https:' ? HTTPS_PROXY : HTTP_PROXY;
}

/** `example.com`, `.example.com` and `*.example.com` stand for the host and all hosts below it. */
function matches(host: string, entry: string): boolean {
  const domain = entry.replace(/^\*?\./, '');
  return host === domain || host.endsWith(`.${domain}`);
}

/** The URL of a proxy; a value without a scheme is one of HTTP. @returns undefined when it is no such URL */
export function parseProxyUrl(text: string): URL | undefined {
  const url = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`;
  if (!URL.canParse(url)) return undefined;
  const proxy = new URL(url);
  return ['http:', 'https:'].includes(proxy.protocol) ? proxy : undefined;
}
