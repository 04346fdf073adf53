import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { cleanUp } from './clean-up.js';

/** Answers in the place of the server behind; `undefined` lets the request through. */
type Interception = (request: IncomingMessage, response: ServerResponse) => true | undefined;

/** Stands between a client and a server: counts what passes, and can answer something else. */
export interface Relay {
  readonly url: string;
  /** What has passed or was intercepted, as `GET /path`. */
  readonly requests: string[];
  intercept: Interception;
  /** Awaited before an answer of the server behind is passed on. */
  holdAnswer: (url: string, body: string) => Promise<void> | undefined;
  /** Ends every connection and takes no new one, as a server that was killed. */
  die(): Promise<void>;
}

export async function startRelay(target: string): Promise<Relay> {
  const relay: Relay & { url: string } = {
    url: '',
    requests: [],
    intercept: () => undefined,
    holdAnswer: () => undefined,
    die,
  };
  const server = createServer((request, response) => {
    relay.requests.push(`${request.method} ${request.url}`);
    if (relay.intercept(request, response)) return;
    // Either side may end in the middle; then the other is ended too.
    pass(request, response).catch(() => response.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  relay.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  cleanUp(die);

  async function pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const {
      host: _host,
      connection: _connection,
      'transfer-encoding': _coding,
      // Of the body below; a second one would be refused.
      'content-length': _length,
      ...headers
    } = request.headers;
    const answer = await fetch(`${target}${request.url}`, {
      method: request.method ?? 'GET',
      headers: headers as Record<string, string>,
      ...(chunks.length > 0 ? { body: Buffer.concat(chunks) } : {}),
    });
    const body = Buffer.from(await answer.arrayBuffer());
    await relay.holdAnswer(request.url ?? '', Buffer.concat(chunks).toString());
    response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(body);
  }

  async function die(): Promise<void> {
    if (!server.listening) return;
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  }
  return relay;
}
