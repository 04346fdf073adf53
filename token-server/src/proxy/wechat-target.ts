import type { Bilingual } from '@zhongkong/shared';

/** A path at WeChat and its query, without a token. */
export interface WechatTarget {
  readonly path: string;
  readonly query: readonly string[];
}

/** Where a call goes, or why it may not go there. */
export type WechatTargetReading =
  | (WechatTarget & { readonly is: 'target' })
  | { readonly is: 'malformed' | 'refused'; readonly detail: Bilingual };

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
    const detail = {
      en: 'The path has to be one of WeChat’s: parts of letters, digits, "_", "-", "." and "~".',
      zh: '路径必须是微信接口的路径，各段只能含字母、数字、"_"、"-"、"." 和 "~"。',
    };
    return { is: 'malformed', detail };
  }
  if (!QUERY.test(query)) {
    const detail = {
      en: 'The query holds characters that have to be percent-encoded.',
      zh: '查询参数里有未做百分号编码的字符。',
    };
    return { is: 'malformed', detail };
  }
  if (REFUSED.some((refused) => matches(path.toLowerCase(), refused))) {
    const detail = {
      en: `${path} needs the app’s secret, or another token than the app’s; it is not called through the proxy.`,
      zh: `${path} 需要 AppSecret，或使用的不是该应用的 access_token，不能通过代理调用。`,
    };
    return { is: 'refused', detail };
  }
  const parameters = query.split('&').filter((parameter) => parameter !== '');
  if (parameters.some((parameter) => SECRET_NAMES.has(nameOf(parameter)))) {
    const detail = { en: 'A secret does not travel through the proxy.', zh: '代理不传递密钥（secret）。' };
    return { is: 'refused', detail };
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
