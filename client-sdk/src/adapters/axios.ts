import type { TokenSource } from '../token/token-source.js';
import { type Axios, addTokens, healDeadTokens } from './axios-healing.js';

/** What is used of an axios instance, 1.0 or later. */
export interface AxiosInstance {
  request(...given: never[]): Promise<unknown>;
  readonly interceptors: { readonly request: object; readonly response: object };
}

/**
 * Has an axios instance of yours (`axios.create(…)`) put the access token into the query of each request, and heal a dead
 * one: one report and one repetition, never more. Every request of the instance gets the token, so give it none to other
 * hosts. A request that brings an `access_token` of its own is left alone. Answers of `responseType: 'stream'` are not
 * healed.
 *
 * When the report fails, WeChat's own answer is the result. Requests reject with axios's errors, with `TokenServerError`
 * when there is no token, and with `WeixinError` when the token was dead and the body is a stream, which cannot be sent
 * twice.
 * @returns the same instance
 */
export function withAccessToken<T extends AxiosInstance>(axios: T, tokens: TokenSource): T {
  const instance = axios as unknown as Axios;
  addTokens(instance, tokens);
  healDeadTokens(instance, tokens, ({ zhongkongToken }) => zhongkongToken);
  return axios;
}
