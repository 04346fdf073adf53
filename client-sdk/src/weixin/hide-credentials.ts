import type { RequestError } from 'got';
import { hideRequest } from '../errors.js';

/** The parameters of a query that nobody but the platform may read. */
const SECRET_PARAMETERS = ['access_token', 'secret', 'js_code'];

/** A text without what its request's query kept secret, wherever it stands there: answers repeat requests at times. */
export function hideCredentials(text: string, url: URL): string {
  const values = SECRET_PARAMETERS.map((name) => url.searchParams.get(name) ?? '');
  return values
    .filter((value) => value !== '')
    .flatMap((value) => [value, encodeURIComponent(value)])
    .reduce((cleaned, value) => cleaned.replaceAll(value, '…'), text);
}

/** A hook of got, whose errors may name the whole URL, and show the request to a logger. */
export function cleanError(error: RequestError): RequestError {
  const url = error.options?.url;
  if (url instanceof URL) {
    error.message = hideCredentials(error.message, url);
    error.stack = hideCredentials(error.stack, url);
  }
  return hideRequest(error);
}
