import { EventEmitter, once } from 'node:events';
import { get, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { type AccessTokenAnswer, accessTokenAnswer } from '@zhongkong/shared/contract';
import { cleanUp } from './clean-up.js';
import { API_KEY } from './fixtures.js';

interface ReadEvent {
  readonly id: string;
  readonly data: AccessTokenAnswer;
}

/** A client of `GET /v1/events` on a connection of its own; closed after the test. */
export interface EventReader {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly events: ReadEvent[];
  /** For each time that the server asked to move to another one: how long to wait before. */
  readonly moves: { readonly retryMs: number }[];
  /** Comment lines so far. */
  comments(): number;
  /** Resolves to the event with this index, from 0, once it has come. */
  event(index: number): Promise<ReadEvent>;
  /** Resolves when the answer is over: true when it came to its end, false when the connection was cut. */
  readonly ended: Promise<boolean>;
  close(): void;
}

export interface EventReaderOptions {
  readonly key?: string;
  readonly query?: string;
  readonly lastEventId?: string;
}

export async function readEvents(serverUrl: string, options: EventReaderOptions = {}): Promise<EventReader> {
  const { key = API_KEY, query = '', lastEventId } = options;
  const request = get(`${serverUrl}/v1/events${query}`, {
    agent: false,
    headers: {
      authorization: `Bearer ${key}`,
      ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }),
    },
  });
  cleanUp(() => request.destroy());
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  const news = new EventEmitter().setMaxListeners(0);
  const events: ReadEvent[] = [];
  const moves: { readonly retryMs: number }[] = [];
  let comments = 0;
  let rest = '';
  response.setEncoding('utf8').on('data', (text: string) => {
    const blocks = (rest + text).split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const [, retryMs] = /^retry: (\d+)\nevent: move\ndata: \{\}$/.exec(block) ?? [];
      if (block.startsWith(':')) comments += 1;
      else if (retryMs !== undefined) moves.push({ retryMs: Number(retryMs) });
      else events.push(parseEvent(block));
    }
    news.emit('news');
  });
  response.on('error', () => {});
  request.on('error', () => {});
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    events,
    moves,
    comments: () => comments,
    async event(index) {
      while (events.length <= index) await once(news, 'news');
      return events[index] as ReadEvent;
    },
    ended: new Promise((resolve) => response.once('close', () => resolve(response.complete))),
    close: () => void request.destroy(),
  };
}

function parseEvent(block: string): ReadEvent {
  const parsed = /^event: access-token\nid: (\S+)\ndata: (.*)$/.exec(block);
  if (parsed === null) throw new Error(`not an event: ${block}`);
  return { id: parsed[1] ?? '', data: accessTokenAnswer.parse(JSON.parse(parsed[2] ?? '')) };
}
