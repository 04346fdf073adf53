import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { send } from './send.js';
import { parseAddress } from './settings.js';

const outgoing = { method: 'GET', path: '/v1/apps?q=a', headers: {}, timeoutMs: 10_000 };

async function withServer<T>(listener: RequestListener, use: (url: string) => Promise<T>): Promise<T> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    return await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

describe('a request of the command line', () => {
  it('goes below the path of the address, with its query and its body', async () => {
    const listener: RequestListener = (request, response) => {
      request.on('data', (chunk) => response.write(`${request.method} ${request.url} ${chunk}`));
      request.on('end', () => response.end());
    };
    const answer = await withServer(listener, (url) =>
      send(parseAddress(`${url}/tokens/`), {}, { ...outgoing, method: 'PUT', body: '{"a":"中"}' }),
    );
    expect(answer).toMatchObject({ status: 200, text: 'PUT /tokens/v1/apps?q=a {"a":"中"}' });
  });

  it.each([
    ['before the answer', () => {}],
    ['in the middle of it', (_request, response) => response.write('{')],
  ] as [string, RequestListener][])('is over when its time is, %s', async (_when, listener) => {
    const sent = withServer(listener, (url) => send(parseAddress(url), {}, { ...outgoing, timeoutMs: 50 }));
    await expect(sent).rejects.toMatchObject({ name: 'TimeoutError' });
  });

  it('fails with the code of the network when the connection breaks', async () => {
    const sent = withServer(
      (request) => request.socket.destroy(),
      (url) => send(parseAddress(url), {}, outgoing),
    );
    await expect(sent).rejects.toMatchObject({ code: 'ECONNRESET' });
  });
});
