import { faultInBody, faultOf, healOnce, isDeadTokenFault, type WechatFault } from '@zhongkong/shared';
import { cannotRepeat } from '../to-weixin-error.js';
import type { TokenSource } from '../token/token-source.js';
import { hideProperties } from './hide-properties.js';
import { isUsedUp } from './used-up-body.js';

/** What is used of a request's configuration. */
export interface AxiosConfig {
  params?: unknown;
  data?: unknown;
  url?: string;
  /** The token that `addToken` has put into the query. */
  zhongkongToken?: string | undefined;
  /** A repetition, which is not healed again. */
  zhongkongHealed?: boolean;
}

interface AxiosAnswer {
  readonly config: AxiosConfig;
  readonly data: unknown;
}

interface AxiosError extends Error {
  readonly config?: AxiosConfig;
  readonly response?: AxiosAnswer;
}

/** What is used of an axios instance, 1.0 or later. */
export interface Axios {
  request(config: AxiosConfig): Promise<unknown>;
  readonly interceptors: {
    readonly request: { use(onRequest: (config: AxiosConfig) => unknown): unknown };
    readonly response: {
      use(onAnswer: (answer: AxiosAnswer) => unknown, onError: (error: AxiosError) => unknown): unknown;
    };
  };
}

const PARAMETER = 'access_token';

/** Puts the token into the query of each request that brings none of its own. */
export function addTokens(axios: Axios, tokens: TokenSource): void {
  axios.interceptors.request.use(async (config) => {
    if (tokenIn(config) !== undefined) return config;
    const accessToken = await tokens.getAccessToken();
    return { ...config, params: withToken(config.params, accessToken), zhongkongToken: accessToken };
  });
}

/**
 * Has an axios instance heal dead tokens: one report and one repetition, never more; and takes tokens out of what its
 * answers and errors show.
 * @param tokenOf the token of a request, if it is ours
 */
export function healDeadTokens(
  axios: Axios,
  tokens: TokenSource,
  tokenOf: (config: AxiosConfig) => string | undefined,
): void {
  const heal = async (first: AxiosAnswer): Promise<AxiosAnswer> => {
    const { config } = first;
    const dead = config.zhongkongHealed ? undefined : tokenOf(config);
    const answer = dead === undefined ? first : await healWith(dead, { axios, first, tokens });
    if (answer === first) redactAnswer(first);
    return answer;
  };
  axios.interceptors.request.use(withSendableBody);
  axios.interceptors.response.use(heal, async (error) => {
    // WeChat's faults come under other statuses than 200, too.
    const answer = error.response && (await heal(error.response));
    if (answer !== undefined && answer !== error.response) return answer;
    if (error.config !== undefined) redactConfig(error.config);
    throw hideProperties(error, ['request', 'response']);
  });
}

interface Healing {
  readonly axios: Axios;
  readonly first: AxiosAnswer;
  readonly tokens: TokenSource;
}

function healWith(dead: string, { axios, first, tokens }: Healing): Promise<AxiosAnswer> {
  const { config } = first;
  let sent = 0;
  return healOnce<AxiosAnswer>(dead, {
    async send(accessToken) {
      sent += 1;
      if (sent === 1) return first;
      const params = withToken(config.params, accessToken);
      const again = { ...config, params, zhongkongToken: accessToken, zhongkongHealed: true };
      return axios.request(again) as Promise<AxiosAnswer>;
    },
    deadTokenErrcode: (answer) => deadTokenFaultIn(answer)?.errcode,
    report: (accessToken, errcode) => tokens.reportInvalid(accessToken, errcode).catch(() => undefined),
    canRepeat(answer) {
      if (!isUsedUp(config.data)) return true;
      throw cannotRepeat(deadTokenFaultIn(answer) as WechatFault, config.url ?? '', dead);
    },
  });
}

/** Streams are the caller's to read. */
function deadTokenFaultIn({ data }: AxiosAnswer): WechatFault | undefined {
  const fault = faultIn(data);
  return fault !== undefined && isDeadTokenFault(fault.errcode) ? fault : undefined;
}

function faultIn(data: unknown): WechatFault | undefined {
  if (data instanceof ArrayBuffer) return faultInBody(new Uint8Array(data));
  if (data instanceof Uint8Array) return faultInBody(data);
  return typeof data === 'string' ? faultInBody(Buffer.from(data)) : faultOf(data);
}

/** A form of texts and buffers is sent as one buffer, so that it can be sent twice; one with files in it remains a stream. */
function withSendableBody(config: AxiosConfig): AxiosConfig {
  const { data } = config;
  if (typeof data !== 'object' || data === null || !isUsedUp(data)) return config;
  if (!('getBuffer' in data) || typeof data.getBuffer !== 'function') return config;
  try {
    return { ...config, data: data.getBuffer() };
  } catch {
    return config;
  }
}

/** The token that a request brings: in its parameters or in its address. */
export function tokenIn({ params, url = '' }: AxiosConfig): string | undefined {
  const value = params instanceof URLSearchParams ? params.get(PARAMETER) : fieldsOf(params)[PARAMETER];
  if (typeof value === 'string') return value;
  return new URLSearchParams(url.split('?')[1]).get(PARAMETER) ?? undefined;
}

function withToken(params: unknown, accessToken: string): object {
  if (!(params instanceof URLSearchParams)) return { ...fieldsOf(params), [PARAMETER]: accessToken };
  const own = new URLSearchParams(params);
  own.set(PARAMETER, accessToken);
  return own;
}

function redactAnswer(answer: AxiosAnswer): void {
  redactConfig(answer.config);
  hideProperties(answer, ['request']);
}

/** axios hangs the query on its answers and errors. A token that the caller has brought is theirs. */
function redactConfig(config: AxiosConfig): void {
  const { zhongkongToken, params } = config;
  delete config.zhongkongToken;
  if (zhongkongToken === undefined) return;
  if (params instanceof URLSearchParams) params.delete(PARAMETER);
  else delete fieldsOf(params)[PARAMETER];
}

function fieldsOf(params: unknown): Record<string, unknown> {
  return typeof params === 'object' && params !== null ? (params as Record<string, unknown>) : {};
}
