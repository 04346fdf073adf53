import { subscribe, unsubscribe } from 'node:diagnostics_channel';

/**
 * Sent with every request about a token, since it may be made in the background. By it, Node's own fetch tells us which
 * connection carries one: those never keep the process alive. A caller that waits does so by `keepProcessAlive`.
 */
export const BACKGROUND_USER_AGENT = '@zhongkong/client-sdk';

/** Published by undici, which is Node's fetch, right before a request is written. */
const SEND_HEADERS = 'undici:client:sendHeaders';

interface SendHeaders {
  /** The head of the request, as text. */
  readonly headers: string;
  readonly socket: { unref(): unknown };
}

let clients = 0;

/** Until the returned function is called, requests with that header do not keep the process alive. */
export function releaseProcess(): () => void {
  clients += 1;
  if (clients === 1) subscribe(SEND_HEADERS, unrefBackground);
  let isOver = false;
  return () => {
    if (isOver) return;
    isOver = true;
    clients -= 1;
    if (clients === 0) unsubscribe(SEND_HEADERS, unrefBackground);
  };
}

function unrefBackground(message: unknown): void {
  const { headers, socket } = message as SendHeaders;
  // undici makes the socket count again when its next request begins.
  if (String(headers).includes(BACKGROUND_USER_AGENT)) socket.unref();
}

const LONG_MS = 2 ** 30;

/** Keeps the process alive until the work has ended: somebody waits for it. */
export async function keepProcessAlive<T>(work: Promise<T>): Promise<T> {
  const timer = setTimeout(() => {}, LONG_MS);
  try {
    return await work;
  } finally {
    clearTimeout(timer);
  }
}
