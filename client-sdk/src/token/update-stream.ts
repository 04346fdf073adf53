import { createParser } from 'eventsource-parser';
import type { Got } from 'got';
import { TokenServerError } from '../errors.js';
import type { TokenFacts } from './held-token.js';
import { pause } from './pause.js';
import { isRefusal, updateRetryMs } from './repeat-rules.js';
import type { Stopwatch } from './stopwatch.js';
import { isTokenFacts } from './token-server-api.js';
import { garbage, toTokenServerError } from './token-server-fault.js';

/** Who listens to a stream. */
export interface StreamEars {
  /** A token; `sent`: started when it was sent, or before. */
  onToken(facts: TokenFacts, sent: Stopwatch): void;
  /** Anything came, if only a comment: what the stream said last still holds. */
  onHeard(heard: Stopwatch): void;
  /** The connection is over; another will be made, unless the server refuses. */
  onLost(error: TokenServerError): void;
}

export interface StreamOptions {
  readonly appId: string;
  readonly ears: StreamEars;
  readonly ended: AbortSignal;
  readonly startStopwatch: () => Stopwatch;
  /** After this silence the connection is dead, whatever TCP says. @defaultValue 45000 */
  readonly silenceMsMax?: number | undefined;
}

/** The server says something at least every 15 s; after this silence nothing can be concluded from a stream any more. */
export const HEARD_MS_MAX = 20_000;
const DEFAULT_SILENCE_MS_MAX = 45_000;
const CONNECT_MS_MAX = 10_000;
/** An answer that is no stream: an older server, or a proxy that cannot pass one. */
const UNSUPPORTED_RETRY_MS = 300_000;
/** A token's event is well under 1 KiB. */
const EVENT_CHARS_MAX = 65_536;

/** Keeps one connection to `GET /v1/events` for as long as the server takes it; resolves when it refuses, or at `ended`. */
export async function followStream(client: Got, options: StreamOptions): Promise<void> {
  const { ears, ended } = options;
  for (let failures = 1; !ended.aborted; failures += 1) {
    let heard = false;
    const onHeard = (at: Stopwatch) => {
      heard = true;
      ears.onHeard(at);
    };
    const connection = listen(client, { ...options, ears: { ...ears, onHeard } });
    const error = await connection.catch(toTokenServerError);
    if (ended.aborted) return;
    ears.onLost(error);
    if (isRefusal(error)) return;
    if (heard) failures = 1;
    await pause(reopenAfterMs(error, failures), ended);
  }
}

function reopenAfterMs({ code, status, retryAfterSeconds = 0 }: TokenServerError, failures: number): number {
  if (status === 404 || (code === 'server_garbage' && status < 500)) return UNSUPPORTED_RETRY_MS;
  return Math.max(retryAfterSeconds * 1_000, updateRetryMs(failures, Math.random()));
}

/** One connection. @returns why it ended @throws what `toTokenServerError` takes */
async function listen(client: Got, options: StreamOptions): Promise<TokenServerError> {
  const { appId, ears, ended, startStopwatch, silenceMsMax = DEFAULT_SILENCE_MS_MAX } = options;
  const stream = client.stream('events', {
    searchParams: { apps: appId },
    headers: { accept: 'text/event-stream' },
    decompress: false,
    timeout: { response: CONNECT_MS_MAX },
  });
  const end = () => stream.destroy();
  let isSilent = false;
  const giveUp = () => {
    isSilent = true;
    stream.destroy();
  };
  let silence = setTimeout(giveUp, silenceMsMax).unref();
  let last = startStopwatch();
  let sent = last;
  let pending = 0;
  const parser = createParser({
    onEvent({ event, data }) {
      pending = 0;
      if (event !== 'access-token') return;
      const facts: unknown = JSON.parse(data);
      if (!isTokenFacts(facts)) throw garbage('its stream is not what a token server sends');
      ears.onToken(facts, sent);
    },
    onComment() {
      pending = 0;
    },
  });
  ended.addEventListener('abort', end);
  stream.once('response', ({ headers }) => {
    if (!headers['content-type']?.startsWith('text/event-stream'))
      stream.destroy(garbage('it answered a request for events with something else'));
  });
  try {
    for await (const chunk of stream.setEncoding('utf8')) {
      clearTimeout(silence);
      silence = setTimeout(giveUp, silenceMsMax).unref();
      const now = startStopwatch();
      // After a longer gap this process was frozen, and what came meanwhile has been lying about.
      sent = last.atMostMs() > HEARD_MS_MAX ? last : now;
      last = now;
      pending += chunk.length;
      if (pending > EVENT_CHARS_MAX) throw garbage('its stream holds an event that never ends');
      parser.feed(chunk);
      ears.onHeard(sent);
    }
    return lost('the stream of updates ended');
  } catch (error) {
    if (isSilent) return lost(`the stream of updates was silent for ${silenceMsMax / 1_000} s`);
    throw error instanceof SyntaxError ? garbage('its stream holds an event that is no JSON') : error;
  } finally {
    clearTimeout(silence);
    ended.removeEventListener('abort', end);
    stream.destroy();
  }
}

function lost(detail: string): TokenServerError {
  return new TokenServerError({ code: 'server_unreachable', status: 0, detail });
}
