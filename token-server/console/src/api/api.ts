import { language } from '../text/language.js';

const TIMEOUT_MS = 20_000;

/** The server refused, or did not answer; `message` is in the reader's language. */
class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly errcode: number | undefined;

  constructor(message: string, status: number, errcode?: number) {
    super(message);
    this.status = status;
    this.errcode = errcode;
  }
}

/** Called when the server no longer knows who is signed in. */
let onSignedOut: () => void = () => {};

export function whenSignedOut(callback: () => void): void {
  onSignedOut = callback;
}

export function headers(): Record<string, string> {
  return { 'x-zhongkong-console': '1', 'accept-language': language() === 'zh' ? 'zh' : 'en' };
}

/** Where the server is, also behind a path of a gateway: the page stands at `…/console`. */
export function addressOf(path: string): string {
  return new URL(path.replace(/^\//, ''), document.baseURI).href;
}

/** @throws ApiError */
export async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
  const response = await fetch(addressOf(path), {
    method,
    headers: { ...headers(), ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    signal: AbortSignal.timeout(TIMEOUT_MS),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  }).catch(() => {
    throw new ApiError(
      language() === 'zh'
        ? '服务器没有应答。请检查它是否在运行。'
        : 'The server does not answer. See whether it runs.',
      0,
    );
  });
  const text = await response.text();
  const isJson = /json/.test(response.headers.get('content-type') ?? '');
  const value: unknown = isJson && text !== '' ? JSON.parse(text) : text;
  if (response.ok) return value as T;
  if (response.status === 401 && path !== '/console/session') onSignedOut();
  const { detail, title, errcode, errmsg } = (isJson ? value : {}) as Record<string, string | undefined>;
  const what = [detail ?? title ?? `HTTP ${response.status}`, errcode && `${errcode}: ${errmsg ?? ''}`];
  throw new ApiError(
    what.filter(Boolean).join(' '),
    response.status,
    errcode === undefined ? undefined : Number(errcode),
  );
}
