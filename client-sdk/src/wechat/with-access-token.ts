import { isDeadTokenFault } from '@zhongkong/shared';
import type { Got, Options, RequestError } from 'got';
import { TokenServerError } from '../errors.js';
import type { TokenSource } from '../token/token-source.js';
import { faultInBody } from './fault-in-body.js';

/** Where this request's token came from; kept in got's `context`, which survives its repetitions. */
interface TokenContext {
  zhongkongToken?: string;
}

/**
 * A got instance that puts the access token into the query of each request, and heals a dead one: one report, one
 * repetition, never more. A request that brings an `access_token` of its own is left alone, and so are bodies that
 * cannot be sent twice, and streams (`api.stream`), whose answer got does not show to anybody.
 *
 * When the report fails, the platform's own answer is the result.
 */
export function withAccessToken(instance: Got, tokens: TokenSource): Got {
  return instance.extend({
    hooks: {
      beforeRequest: [
        async (options) => {
          const context = options.context as TokenContext;
          const url = options.url as URL;
          if (context.zhongkongToken === undefined && url.searchParams.has('access_token')) return;
          context.zhongkongToken = await tokens.getAccessToken();
          url.searchParams.set('access_token', context.zhongkongToken);
        },
      ],
      afterResponse: [
        async (response, repeat) => {
          const { options } = response.request;
          const { zhongkongToken } = options.context as TokenContext;
          const fault = faultInBody(response.rawBody);
          if (zhongkongToken === undefined || fault === undefined || !isDeadTokenFault(fault.errcode))
            return response;
          if (!canRepeat(options)) return response;
          try {
            await tokens.reportInvalid(zhongkongToken, fault.errcode);
          } catch {
            return response;
          }
          return repeat({});
        },
      ],
      beforeError: [withoutToken],
    },
  });
}

/** A stream has been read when the answer comes. */
function canRepeat({ body }: Options): boolean {
  return !(typeof body === 'object' && body !== null && 'pipe' in body);
}

/**
 * got wraps what a hook throws, names the whole URL in its messages, and hangs the request with all its options on
 * the error, where a logger would print the token.
 */
function withoutToken(error: RequestError): RequestError {
  if (error.cause instanceof TokenServerError) return error.cause as Error as RequestError;
  const clean = (text: string) => text.replace(/(access_token=)[^&\s'"]+/g, '$1…');
  error.message = clean(error.message);
  error.stack = clean(error.stack);
  for (const name of ['options', 'request', 'response'] as const) {
    if (name in error) Object.defineProperty(error, name, { enumerable: false });
  }
  return error;
}
