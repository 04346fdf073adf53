import { faultInBody, faultOf, isDeadTokenFault, type WechatFault } from '@zhongkong/shared';
import { cannotRepeat, hideRequest } from '../errors.js';
import type { TokenSource } from '../token/token-source.js';
import { isStream } from './is-stream.js';

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

interface AxiosConfig {
  params?: Record<string, unknown>;
  data?: unknown;
  url?: string;
  /** Set on a repetition. */
  zhongkongHealed?: boolean;
}

interface AxiosAnswer {
  readonly config: AxiosConfig;
  readonly data: unknown;
}

interface Axios {
  defaults: object;
  request(config: AxiosConfig): Promise<unknown>;
  interceptors: {
    request: { use(onRequest: (config: AxiosConfig) => unknown): unknown };
    response: {
      use(onAnswer: (answer: AxiosAnswer) => unknown, onError: (error: Error) => unknown): unknown;
    };
  };
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
  const axios = client.getInstance() as Axios;
  Object.assign(axios.defaults, { 'axios-retry': { retries: 0 } });
  axios.interceptors.request.use(withSendableBody);
  axios.interceptors.response.use((answer) => heal(axios, answer, tokens), hideTokenAndThrow);
  return app;
}

async function heal(axios: Axios, answer: AxiosAnswer, tokens: TokenSource): Promise<unknown> {
  const { config, data } = answer;
  const dead = config.params?.access_token;
  const fault = faultIn(data);
  if (typeof dead !== 'string' || fault === undefined || !isDeadTokenFault(fault.errcode)) return answer;
  if (config.zhongkongHealed) return answer;
  const fresh = await tokens.reportInvalid(dead, fault.errcode).catch(() => undefined);
  if (fresh === undefined) return answer;
  if (isStream(config.data)) throw cannotRepeat(fault, config.url ?? '', dead);
  const params = { ...config.params, access_token: fresh };
  return axios.request({ ...config, params, zhongkongHealed: true });
}

function faultIn(data: unknown): WechatFault | undefined {
  if (data instanceof ArrayBuffer) return faultInBody(new Uint8Array(data));
  if (data instanceof Uint8Array) return faultInBody(data);
  return typeof data === 'string' ? faultInBody(Buffer.from(data)) : faultOf(data);
}

/** A form of texts and buffers is sent as one buffer, so that it can be sent twice; one with files in it remains a stream. */
function withSendableBody(config: AxiosConfig): AxiosConfig {
  const { data } = config;
  if (!isStream(data) || !('getBuffer' in data) || typeof data.getBuffer !== 'function') return config;
  try {
    return { ...config, data: data.getBuffer() };
  } catch {
    return config;
  }
}

/** axios hangs the query on its errors. */
function hideTokenAndThrow(error: Error & { config?: AxiosConfig }): never {
  if (error.config?.params !== undefined) delete error.config.params.access_token;
  throw hideRequest(error);
}
