import type { RequestError, Response } from 'got';
import { hideRequest } from '../errors.js';

const PARAMETER = 'access_token';

/** A text, an error's message say, without the tokens that URLs in it carry. */
export function withoutToken(text: string): string {
  return text.replace(/(access_token=)[^&\s'"]+/g, '$1…');
}

/** Takes the token out of everything that a caller can see of an answer. */
export function hideTokenOf(response: Response): void {
  response.url = withoutParameter(response.url);
  removeFrom(response.request.options.url);
  removeFrom(response.requestUrl);
  response.redirectUrls.forEach(removeFrom);
  // These lead to Node's own request, which holds the sent head as text.
  for (const name of ['request', 'req', 'socket', 'client'] as const) {
    if (name in response) Object.defineProperty(response, name, { enumerable: false });
  }
}

/** got names the whole URL in its messages. */
export function hideTokenIn(error: RequestError): RequestError {
  error.message = withoutToken(error.message);
  error.stack = withoutToken(error.stack);
  removeFrom(error.options?.url);
  if (error.response !== undefined) hideTokenOf(error.response as Response);
  return hideRequest(error);
}

function removeFrom(url: string | URL | undefined): void {
  if (url instanceof URL) url.searchParams.delete(PARAMETER);
}

function withoutParameter(address: string): string {
  const url = new URL(address);
  removeFrom(url);
  return url.href;
}
