import { CodedError, redactQueries } from '@zhongkong/shared';

/** What undici calls in its own way what has a name already. */
const CODES: Readonly<Record<string, string>> = {
  UND_ERR_CONNECT_TIMEOUT: 'ETIMEDOUT',
  UND_ERR_HEADERS_TIMEOUT: 'ETIMEDOUT',
  UND_ERR_BODY_TIMEOUT: 'ETIMEDOUT',
  UND_ERR_SOCKET: 'ECONNRESET',
};

/** The connection failed, or nothing came in time: the same request may succeed later. */
export const TRANSIENT_CODES: ReadonlySet<string> = new Set([
  'EAI_AGAIN',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
]);

const CERTIFICATE_CODES = /^(?:SELF_SIGNED_CERT|DEPTH_ZERO_SELF|UNABLE_TO_(?:VERIFY|GET_ISSUER))/;

/** No answer came, or only a part of it. The message holds no address: addresses of calls hold tokens. */
export class NetworkError extends CodedError {
  override readonly name: string;

  /** @param code `ECONNRESET`, `ETIMEDOUT`, …; `ABORTED` when our own side ended the request */
  constructor(message: string, { code }: { readonly code: string }) {
    super(message, { code });
    this.name = code === 'ETIMEDOUT' ? 'TimeoutError' : 'NetworkError';
  }
}

export function isTransient({ code }: NetworkError): boolean {
  return TRANSIENT_CODES.has(code);
}

/** What fetch threw, without the request: errors of fetch lead to sockets, and those to what was sent. */
export function toNetworkError(thrown: unknown): NetworkError {
  if (thrown instanceof NetworkError) return thrown;
  const errors = chainOf(thrown);
  const found = errors.map(codeOf).find((code) => code !== undefined) ?? 'UNKNOWN';
  const code = CODES[found] ?? found;
  const advice = CERTIFICATE_CODES.test(code)
    ? '; if its certificate is from an authority of your own, name that in NODE_EXTRA_CA_CERTS'
    : '';
  return new NetworkError(`${redactQueries(messageOf(errors.at(-1)))} (${code})${advice}`, { code });
}

/** The error and its causes. Of several addresses that failed, the first one speaks. */
function chainOf(thrown: unknown): readonly unknown[] {
  const chain: unknown[] = [];
  for (let error = thrown; typeof error === 'object' && error !== null && chain.length < 5; ) {
    chain.push(error);
    const { cause, errors } = error as { cause?: unknown; errors?: readonly unknown[] };
    error = cause ?? errors?.[0];
  }
  return chain;
}

function codeOf(error: unknown): string | undefined {
  const { code, name } = error as { code?: unknown; name?: unknown };
  if (name === 'TimeoutError') return 'ETIMEDOUT';
  if (name === 'AbortError') return 'ABORTED';
  return typeof code === 'string' ? code : undefined;
}

function messageOf(error: unknown): string {
  const { message } = (error ?? {}) as { message?: unknown };
  return typeof message === 'string' && message !== '' ? message : 'the request failed';
}
