import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { cleanUp } from './clean-up.js';

/** A request as it came over the wire. */
export interface SentRequest {
  readonly method: string;
  readonly path: string;
  /** Without the access token. */
  readonly query: Readonly<Record<string, string>>;
  readonly accessToken: string | null;
  readonly contentType: string;
  readonly body: Buffer;
}

export interface WireAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

/** Stands before a platform, keeps every byte of what is asked, and can answer in its place. */
export interface Wire {
  readonly url: string;
  readonly sent: SentRequest[];
  /** `undefined` lets the request through. */
  answer: (request: SentRequest) => WireAnswer | undefined;
}

export async function startWire(target: string): Promise<Wire> {
  const wire: Wire & { url: string } = { url: '', sent: [], answer: () => undefined };
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { pathname, searchParams, search } = new URL(request.url ?? '/', 'http://wire');
    const { access_token: accessToken = null, ...query } = Object.fromEntries(searchParams);
    const contentType = request.headers['content-type'] ?? '';
    const body = Buffer.concat(chunks);
    const method = request.method ?? '';
    const sent = { method, path: pathname, query, accessToken, contentType, body };
    wire.sent.push(sent);
    const answer = wire.answer(sent);
    if (answer !== undefined) {
      response.writeHead(answer.status ?? 200, answer.headers ?? { 'content-type': 'application/json' });
      response.end(answer.body);
      return;
    }
    try {
      const passed = await fetch(`${target}${pathname}${search}`, {
        method,
        headers: {
          ...(contentType === '' ? {} : { 'content-type': contentType }),
          authorization: request.headers.authorization ?? '',
        },
        ...(body.length > 0 ? { body: new Uint8Array(body) } : {}),
      });
      response.writeHead(passed.status, Object.fromEntries(passed.headers));
      response.end(Buffer.from(await passed.arrayBuffer()));
    } catch {
      // The platform hung up, so this hangs up too.
      response.destroy();
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  wire.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  cleanUp(async () => {
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  });
  return wire;
}
