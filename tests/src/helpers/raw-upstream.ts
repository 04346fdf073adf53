import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { cleanUp } from './clean-up.js';

interface SeenRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
}

/** A platform that gives tokens out, and answers every other call as the test says. */
export interface RawUpstream {
  readonly url: string;
  readonly token: string;
  /** All calls but those for tokens. */
  readonly seen: SeenRequest[];
  answer: RequestListener;
}

const TOKEN = '99_the-token-of-a-raw-upstream_0123456789-abcdefghijklmnopqrstuvwxyz';

export async function startRawUpstream(answer: RequestListener): Promise<RawUpstream> {
  const upstream: RawUpstream = { url: '', token: TOKEN, seen: [], answer };
  const server = createServer((request, response) => {
    if (request.url === '/cgi-bin/stable_token') {
      request.resume();
      response.end(JSON.stringify({ access_token: TOKEN, expires_in: 7200 }));
      return;
    }
    const { method = '', url = '', headers } = request;
    upstream.seen.push({ method, url, headers });
    upstream.answer(request, response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanUp(() => {
    server.close();
    server.closeAllConnections();
  });
  return Object.assign(upstream, { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
}
