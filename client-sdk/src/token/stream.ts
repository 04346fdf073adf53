import { jsonInBody } from '@zhongkong/shared';
import type { TokenServerError } from '../errors.js';
import { longestMsBetween, type Moment, momentOf, type TwoClocks } from '../http/clock.js';
import { EventStreamParser } from '../http/event-stream.js';
import { pause } from '../http/pause.js';
import { STREAM_TRUST_MS, type TokenFacts } from './held-token.js';
import { backgroundRetryMs } from './renewal.js';
import type { TokenServer } from './server.js';
import { isTokenFacts } from './server-api.js';
import {
  garbage,
  isAway,
  isKeyRejected,
  refusalIn,
  toTokenServerError,
  unreachable,
} from './server-error.js';

export interface StreamListener {
  /** A token; `sent`: when it was sent, or before. */
  onToken(facts: TokenFacts, sent: Moment): void;
  /** Anything came, if only a comment: what the stream said last still holds. */
  onHeard(heard: Moment): void;
  /** The connection is over; another will be made, unless the server rejects the key. */
  onLost(error: TokenServerError): void;
}

export interface StreamOptions {
  readonly appId: string;
  readonly listener: StreamListener;
  readonly ended: AbortSignal;
  readonly clocks: TwoClocks;
  /** After this silence the connection is dead, whatever TCP says. @defaultValue 45000 */
  readonly silenceMsMax?: number | undefined;
}

const DEFAULT_SILENCE_MS_MAX = 45_000;
const FIRST_BYTE_MS_MAX = 10_000;
/** An answer that is no stream: an older server, or a proxy that cannot pass one. */
const UNSUPPORTED_RETRY_MS = 300_000;
/** A token's event is well under 1 KiB. */
const EVENT_CHARS_MAX = 65_536;
const CAME_BACK = unreachable('the preferred server is back');
/** The server is to stop. Others learn of it in the same second. */
const MOVED = unreachable('the server asked its readers to go to another one');
const MOVE_SPREAD_MS = 1_000;

/** Keeps one connection to `GET /v1/events` for as long as the server takes it; resolves when it rejects the key, or at `ended`. */
export async function followStream(server: TokenServer, options: StreamOptions): Promise<void> {
  const { listener, ended } = options;
  for (let failures = 1; !ended.aborted; failures += 1) {
    const base = server.servers.current;
    let heard = false;
    const onHeard = (at: Moment) => {
      heard = true;
      listener.onHeard(at);
    };
    const connection = listen(server, base, { ...options, listener: { ...listener, onHeard } });
    const error = await connection.catch(toTokenServerError);
    if (ended.aborted) return;
    if (heard) failures = 1;
    // What the other server confirmed still holds.
    if (error === CAME_BACK) continue;
    if (error === MOVED) {
      // It is not away yet, but no place to ask any more.
      server.leave(base);
      await pause(Math.random() * MOVE_SPREAD_MS, ended);
      continue;
    }
    listener.onLost(error);
    if (isKeyRejected(error)) return;
    if (isAway(error) && server.servers.leave(base)) failures = 1;
    await pause(reopenAfterMs(error, failures), ended);
  }
}

function reopenAfterMs({ code, status, retryAfterSeconds = 0 }: TokenServerError, failures: number): number {
  if (status === 404 || (code === 'server_garbage' && status < 500)) return UNSUPPORTED_RETRY_MS;
  return Math.max(retryAfterSeconds * 1_000, backgroundRetryMs(failures, Math.random()));
}

/**
 * One connection to one server.
 * @returns why it ended @throws what `toTokenServerError` takes
 */
async function listen(server: TokenServer, base: string, options: StreamOptions): Promise<TokenServerError> {
  const { appId, ended, silenceMsMax = DEFAULT_SILENCE_MS_MAX } = options;
  const ending = new AbortController();
  const end = () => ending.abort(ended.reason);
  const endIn = (ms: number, reason: TokenServerError) => setTimeout(() => ending.abort(reason), ms).unref();
  const silent = unreachable(`the stream of updates was silent for ${silenceMsMax / 1_000} s`);
  let timer = endIn(FIRST_BYTE_MS_MAX, unreachable('it did not answer in time'));
  const restart = () => {
    clearTimeout(timer);
    timer = endIn(silenceMsMax, silent);
  };
  const lookBack = setInterval(async () => {
    await server.comeBack();
    // A request may have gone back already.
    if (server.servers.isPreferred && base !== server.servers.preferred) ending.abort(CAME_BACK);
  }, server.comeBackMs).unref();
  ended.addEventListener('abort', end);
  if (ended.aborted) end();
  try {
    const url = `${base}/v1/events?apps=${encodeURIComponent(appId)}`;
    const headers = { ...server.headers, accept: 'text/event-stream', 'accept-encoding': 'identity' };
    const response = await server.fetch(url, { headers, redirect: 'manual', signal: ending.signal });
    const body = await streamIn(response);
    restart();
    const read = createReader(options);
    for await (const chunk of body) {
      restart();
      read(chunk);
    }
    return unreachable('the stream of updates ended');
  } catch (error) {
    throw ending.signal.aborted ? ending.signal.reason : error;
  } finally {
    clearTimeout(timer);
    clearInterval(lookBack);
    ended.removeEventListener('abort', end);
    ending.abort();
  }
}

/** @throws TokenServerError when the answer is no stream */
async function streamIn(response: Response): Promise<AsyncIterable<Uint8Array>> {
  const { status, headers, body } = response;
  if (status === 200 && body !== null && headers.get('content-type')?.startsWith('text/event-stream'))
    return body as unknown as AsyncIterable<Uint8Array>;
  const bytes = Buffer.from(await response.arrayBuffer());
  const refusal = refusalIn({ status, headers, body: bytes, json: jsonInBody(bytes) });
  throw refusal ?? garbage('it answered a request for events with something else');
}

/** @returns what takes the stream piece by piece; it throws when the stream is not that of a token server */
function createReader({ listener, clocks }: StreamOptions): (chunk: Uint8Array) => void {
  const decoder = new TextDecoder();
  const parser = new EventStreamParser();
  let last = momentOf(clocks);
  return (chunk) => {
    const now = momentOf(clocks);
    // After a longer gap this process was frozen, and what has come meanwhile may be as old as the gap.
    const sent = longestMsBetween(last, now) > STREAM_TRUST_MS ? last : now;
    last = now;
    for (const { event, data } of parser.feed(decoder.decode(chunk, { stream: true }))) {
      if (event === 'access-token') listener.onToken(toFacts(data), sent);
      if (event === 'move') throw MOVED;
    }
    if (parser.pending > EVENT_CHARS_MAX) throw garbage('its stream holds an event that never ends');
    listener.onHeard(sent);
  };
}

function toFacts(data: string): TokenFacts {
  const facts = jsonInBody(Buffer.from(data));
  if (isTokenFacts(facts)) return facts;
  throw garbage('its stream is not what a token server sends');
}
