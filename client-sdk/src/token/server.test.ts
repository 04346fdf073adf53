import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { systemClocks } from '../http/clock.js';
import { openTokenServer } from './server.js';
import { followStream } from './stream.js';

const COME_BACK_MS = 50;
const FACTS = JSON.stringify({ accessToken: 't', version: 1, expiresIn: 7200, refreshIn: 60 });

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** A token server that can be stopped, and started again on its port. */
async function startHost(port = 0) {
  const host = {
    url: '',
    paths: [] as string[],
    streams: new Set<ServerResponse>(),
    stop: async () => {},
    start,
  };
  let server: Server;
  async function start() {
    server = createServer((request, response) => {
      host.paths.push(request.url ?? '');
      if (!request.url?.startsWith('/v1/events')) return response.end(FACTS);
      host.streams.add(response.once('close', () => host.streams.delete(response)));
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      return response.write(`event: access-token\ndata: ${FACTS}\n\n`);
    }).listen(Number(new URL(host.url || `http://x:${port}`).port), '127.0.0.1');
    await once(server, 'listening');
    host.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }
  host.stop = async () => {
    server.close();
    server.closeAllConnections();
    if (server.listening) await once(server, 'close');
  };
  await start();
  closers.push(host.stop);
  return host;
}

async function startBoth() {
  const [first, second] = [await startHost(), await startHost()];
  const server = openTokenServer({ server: [first.url, second.url], apiKey: 'k' }, COME_BACK_MS);
  closers.push(() => server.close());
  return { first, second, server, ask: () => server.ask({ path: 'x' }) };
}

/** Looks again and again until the condition holds; the test's own time-out is the limit. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe('a list of token servers', () => {
  it('is asked in its order: the next one only when one does not answer', async () => {
    const { first, second, ask } = await startBoth();
    await ask();
    expect(second.paths).toEqual([]);
    await first.stop();
    expect((await ask()).status).toBe(200);
    expect(second.paths).toEqual(['/v1/x']);
  });

  it('is gone through from its beginning when the last one does not answer either', async () => {
    const { first, second, server, ask } = await startBoth();
    await first.stop();
    await ask();
    await second.stop();
    await first.start();
    expect((await ask()).status).toBe(200);
    expect(server.servers.current).toBe(first.url);
  });

  it('is asked at its preferred one again when that is ready', async () => {
    const { first, second, server, ask } = await startBoth();
    await first.stop();
    await ask();
    expect(server.servers.current).toBe(second.url);
    await first.start();
    await until(() => {
      ask().catch(() => {});
      return server.servers.isPreferred;
    });
    expect(first.paths).toContain('/readyz');
  });

  it('sends its stream from the next one, and from the preferred one when that is ready, without a loss', async () => {
    const { first, second, server } = await startBoth();
    const ending = new AbortController();
    closers.push(() => ending.abort());
    const lost: string[] = [];
    const listener = { onToken() {}, onHeard() {}, onLost: ({ code }: { code: string }) => lost.push(code) };
    const options = { appId: 'wx', listener, ended: ending.signal, clocks: systemClocks };
    followStream(server, options).catch(() => {});
    await until(() => first.streams.size === 1);
    await first.stop();
    await until(() => second.streams.size === 1);
    expect(lost).toEqual(['server_unreachable']);
    await first.start();
    await until(() => first.streams.size === 1 && second.streams.size === 0);
    expect(lost).toHaveLength(1);
  });
});
