import { CliError } from '../cli-error.js';
import type { Language } from '../io.js';
import { oneLine, printableLines } from '../output/one-line.js';
import { explainNetwork } from './explain-network.js';
import { explainProblem } from './explain-problem.js';
import { type Incoming, send, type TlsFiles } from './send.js';
import type { Address, ChosenKey } from './settings.js';

/** Longer than the server itself waits for WeChat. */
const TIMEOUT_MS = 30_000;

export interface Answer<T> {
  readonly status: number;
  readonly body: T;
  /** The body as it came. */
  readonly text: string;
  /** The server's time, by which its instants are to be read. */
  readonly nowMs: number;
  readonly retryAfterSeconds: number | undefined;
}

interface CallOptions {
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly body?: object;
  readonly timeoutMs?: number;
  /** Statuses that are an answer all the same. */
  readonly accept?: readonly number[];
}

export interface Api {
  readonly address: Address;
  /** @throws CliError that says what is wrong and what to do */
  call<T>(method: string, path: string, options?: CallOptions): Promise<Answer<T>>;
}

export interface ApiDeps {
  readonly address: Address;
  readonly tls: TlsFiles;
  readonly chosenKey: ChosenKey;
  readonly language: Language;
}

/** The server's HTTP interface, for commands. */
export function createApi({ address, tls, chosenKey, language }: ApiDeps): Api {
  const headers = {
    authorization: `Bearer ${chosenKey.key}`,
    accept: 'application/json',
    'accept-language': language === 'zh' ? 'zh-CN, zh' : 'en',
    'user-agent': 'zhongkong-cli',
  };
  return {
    address,
    async call<T>(method: string, path: string, options: CallOptions = {}) {
      const { query = {}, body, timeoutMs = TIMEOUT_MS, accept = [] } = options;
      const incoming = await send(address, tls, {
        method,
        path: withQuery(path, query),
        headers: body === undefined ? headers : { ...headers, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        timeoutMs,
      }).catch((error: unknown) => {
        throw new CliError(oneLine(explainNetwork(error, address, timeoutMs)), {
          cause: error,
          isPassing: true,
        });
      });
      const isAnswer = (incoming.status >= 200 && incoming.status < 300) || accept.includes(incoming.status);
      if (isAnswer) return toAnswer<T>(incoming, address);
      const message = explainProblem(incoming, { at: address.name, keySource: chosenKey.source });
      const isPassing = incoming.status >= 500 || incoming.status === 429;
      throw new CliError(printableLines(message), { body: incoming.text, isPassing });
    },
  };
}

function toAnswer<T>({ status, headers, text }: Incoming, { name }: Address): Answer<T> {
  const nowMs = headers.date === undefined ? Date.now() : Date.parse(headers.date);
  const retryAfter = headers['retry-after'];
  const retryAfterSeconds = retryAfter === undefined ? undefined : Number(retryAfter);
  try {
    const body = (text === '' ? undefined : JSON.parse(text)) as T;
    return { status, body, text, nowMs, retryAfterSeconds };
  } catch (cause) {
    throw new CliError(`What answers at ${name} is not a Zhongkong server: correct --url or ZHONGKONG_URL.`, {
      cause,
    });
  }
}

function withQuery(path: string, query: NonNullable<CallOptions['query']>): string {
  const given = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)] as [string, string]],
  );
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given)}`;
}
