/** A path at WeChat and its query, without a token. */
export interface WechatTarget {
  readonly path: string;
  readonly query: readonly string[];
}

/** Where a call goes, or why it may not go there. */
export type WechatTargetReading =
  | (WechatTarget & { readonly is: 'target' })
  | { readonly is: 'malformed' | 'refused'; readonly detail: string };

/**
 * Letters, digits, `_`, `-`, `.` and `~`, and no part that is `.` or `..`: WeChat's paths need nothing else, and
 * nothing else can mean one thing here and another thing there.
 */
const PATH = /^(?:\/(?!\.{1,2}(?:\/|$))[\w.~-]+)+$/;
/** Visible ASCII: anything else has to be percent-encoded. */
const QUERY = /^[\x21\x22\x24-\x7e]*$/;

/** Endpoints that take the app's secret, or whose access token is not the app's. Prefixes end in `/`. */
const REFUSED = [
  '/cgi-bin/token',
  '/cgi-bin/stable_token',
  '/cgi-bin/clear_quota/v2',
  '/cgi-bin/component/',
  '/sns/',
];
const SECRET_NAMES = new Set(['secret', 'appsecret', 'component_appsecret']);
/** This server adds the token; a client's own is dropped. */
const TOKEN_NAMES = new Set(['access_token', 'cloudbase_access_token']);

/**
 * Reads a target at WeChat, exactly as it stood in the request line.
 * @param rawTarget `/cgi-bin/…?query`
 */
export function wechatTarget(rawTarget: string): WechatTargetReading {
  const [, path = '', query = ''] = /^(\/[^?#]*)(?:\?(.*))?$/s.exec(rawTarget) ?? [];
  if (!PATH.test(path)) {
    const detail = 'The path has to be one of WeChat’s: parts of letters, digits, "_", "-", "." and "~".';
    return { is: 'malformed', detail };
  }
  if (!QUERY.test(query)) {
    return { is: 'malformed', detail: 'The query holds characters that have to be percent-encoded.' };
  }
  if (REFUSED.some((refused) => matches(path.toLowerCase(), refused))) {
    const detail = `${path} needs the app’s secret, or another token than the app’s; it is not called through the proxy.`;
    return { is: 'refused', detail };
  }
  const parameters = query.split('&').filter((parameter) => parameter !== '');
  if (parameters.some((parameter) => SECRET_NAMES.has(nameOf(parameter)))) {
    return { is: 'refused', detail: 'A secret does not travel through the proxy.' };
  }
  return { is: 'target', path, query: parameters.filter((parameter) => !TOKEN_NAMES.has(nameOf(parameter))) };
}

/** The request target with the token. */
export function withToken({ path, query }: WechatTarget, accessToken: string): string {
  return `${path}?${[`access_token=${encodeURIComponent(accessToken)}`, ...query].join('&')}`;
}

function matches(path: string, refused: string): boolean {
  return refused.endsWith('/') ? `${path}/`.startsWith(refused) : path === refused;
}

/** The name of a `name=value` as a server would read it. */
function nameOf(parameter: string): string {
  const [name = ''] = parameter.split('=');
  try {
    return decodeURIComponent(name.replaceAll('+', ' ')).trim().toLowerCase();
  } catch {
    return name.toLowerCase();
  }
}
