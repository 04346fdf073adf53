import type { IncomingHttpHeaders } from 'node:http';
import { HEADERS_MAX } from '../http/limits.js';

/** Of a request, what decides whether it is a plain read of a token. */
export interface RequestFacts {
  readonly method?: string | undefined;
  /** As it was sent. */
  readonly url?: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly rawHeaders: readonly string[];
}

const START = '/v1/apps/';
const END = '/access-token';

/**
 * The app whose token a plain read asks for; undefined: the ordinary way answers the request. This alone decides which
 * requests the fast lane takes: GET, the path as it is declared (letters, digits, `-` and `_` only, no query), an
 * `Authorization`, no body.
 */
export function appOfRead({ method, url = '', headers, rawHeaders }: RequestFacts): string | undefined {
  if (method !== 'GET' || !url.startsWith(START) || !url.endsWith(END)) return undefined;
  if (headers.authorization === undefined || rawHeaders.length > 2 * HEADERS_MAX) return undefined;
  if (headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined) return undefined;
  const appId = url.slice(START.length, -END.length);
  return isPlain(appId) ? appId : undefined;
}

/** The same as /^[\w-]+$/, without what a regular expression costs. */
function isPlain(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    const isDigit = code >= 48 && code <= 57;
    const isLetter = (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
    if (!isDigit && !isLetter && code !== 45 && code !== 95) return false;
  }
  return text !== '';
}
