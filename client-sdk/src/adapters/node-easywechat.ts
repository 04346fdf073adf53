import type { TokenSource } from '../token/token-source.js';
import { type Axios, healDeadTokens, tokenIn } from './axios-healing.js';

/** What is used of an application of node-easywechat 3: official account, mini app, or work. */
export interface EasyWechatApp {
  setAccessToken(provider: AccessTokenProvider): unknown;
  getClient(): {
    withAccessToken(provider: AccessTokenProvider): unknown;
    /** An axios instance. */
    getInstance(): unknown;
  };
}

interface AccessTokenProvider {
  getToken(): Promise<string>;
  toQuery(): Promise<Record<string, string>>;
}

/**
 * Has an application of node-easywechat take its token from Zhongkong: its own fetching and its own retry (`http.retry`)
 * are switched off, and a dead token is healed by one report and one repetition. Call it once, before the first request. An app
 * secret is no longer needed; any text will do.
 * @returns the same application
 */
export function withAccessToken<T extends EasyWechatApp>(app: T, tokens: TokenSource): T {
  const getToken = () => tokens.getAccessToken();
  const provider = { getToken, toQuery: async () => ({ access_token: await getToken() }) };
  app.setAccessToken(provider);
  const client = app.getClient();
  // A client that was made before knows the old provider.
  client.withAccessToken(provider);
  const axios = client.getInstance() as Axios & { defaults: object };
  Object.assign(axios.defaults, { 'axios-retry': { retries: 0 } });
  // It puts the provider's token into the query by itself.
  axios.interceptors.request.use((config) => ({
    ...config,
    zhongkongToken: config.zhongkongToken ?? tokenIn(config),
  }));
  healDeadTokens(axios, tokens, ({ zhongkongToken }) => zhongkongToken);
  return app;
}
