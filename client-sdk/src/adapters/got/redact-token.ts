import { redactQueries } from '@zhongkong/shared';
import type { RequestError, Response } from 'got';
import { hideProperties } from '../hide-properties.js';

const PARAMETER = 'access_token';

/** Takes the token out of everything that a caller can see of an answer. */
export function redactResponse(response: Response): void {
  response.url = withoutParameter(response.url);
  removeFrom(response.request.options.url);
  removeFrom(response.requestUrl);
  response.redirectUrls.forEach(removeFrom);
  // These lead to Node's own request, which holds the sent head as text.
  hideProperties(response, ['request', 'req', 'socket', 'client']);
}

/** got names the whole URL in its messages. */
export function redactError(error: RequestError): RequestError {
  error.message = redactQueries(error.message);
  error.stack = redactQueries(error.stack);
  removeFrom(error.options?.url);
  if (error.response !== undefined) redactResponse(error.response as Response);
  return hideProperties(error, ['options', 'request', 'response']);
}

function removeFrom(url: string | URL | undefined): void {
  if (url instanceof URL) url.searchParams.delete(PARAMETER);
}

function withoutParameter(address: string): string {
  const url = new URL(address);
  removeFrom(url);
  return url.href;
}
