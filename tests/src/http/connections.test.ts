import { once } from 'node:events';
import { Agent, get, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { problem } from '@zhongkong/shared/contract';
import { HEADERS_MAX, listen } from '@zhongkong/token-server/testing';
import { cleanUp } from '../helpers/clean-up.js';
import { eventually } from '../helpers/eventually.js';
import { APP, startPlatform } from '../helpers/fixtures.js';
import { readToken, statusOf } from '../helpers/http.js';
import { startServer } from '../helpers/test-server.js';

const OK: RequestListener = (_request, response) => void response.end('ok');

async function listening(more: Partial<Parameters<typeof listen>[1]>, handler = OK) {
  const warnings: unknown[] = [];
  const log = { info: () => {}, debug: () => {}, warn: (...line: unknown[]) => void warnings.push(line) };
  const options = { host: '127.0.0.1', port: 0, tls: undefined, maxConnections: 100, keepAliveMs: 60_000 };
  const listener = await listen(handler, { ...options, ...more, log: log as never });
  cleanUp(() => listener.drain(0));
  return { url: listener.url, warnings, listener };
}

async function open(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname).on('error', () => {});
  cleanUp(() => socket.destroy());
  await once(socket, 'connect');
  return socket;
}

async function ask(url: string, agent: Agent): Promise<void> {
  const [answer] = (await once(get(url, { agent }), 'response')) as [IncomingMessage];
  await once(answer.resume(), 'end');
}

describe('connections', () => {
  it('that are idle between requests outlive the time that headers may take, as load balancers expect', async () => {
    const { url } = await listening({ headersMs: 300, checkEveryMs: 50 });
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    cleanUp(() => agent.destroy());
    await ask(url, agent);
    const [kept] = Object.values(agent.freeSockets).flat();
    // One that begins later and sends nothing is closed: so that time has passed for the first one, too.
    await once(await open(url), 'close');
    await ask(url, agent);
    expect(Object.values(agent.freeSockets).flat()).toEqual([kept]);
  });

  it('that send their headers too slowly are closed, however steadily they send', async () => {
    const { url } = await listening({ headersMs: 300, checkEveryMs: 50 });
    const socket = await open(url);
    socket.write('GET / HTTP/1.1\r\nHost: a\r\n');
    const drip = setInterval(() => socket.write('A: b\r\n'), 20);
    cleanUp(() => clearInterval(drip));
    socket.resume();
    await once(socket, 'close');
  });

  it('that are idle for longer than KEEP_ALIVE are closed', async () => {
    const { url } = await listening({ keepAliveMs: 100 });
    const socket = await open(url);
    socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    socket.resume();
    await once(socket, 'close');
  });

  it('beyond the limit are closed at once, with one warning, and those that are open go on', async () => {
    const { url, warnings } = await listening({ maxConnections: 2 });
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    cleanUp(() => agent.destroy());
    await ask(url, agent);
    const second = await open(url);
    for (const _more of [1, 2, 3]) await once(await open(url), 'close');
    await ask(url, agent);
    expect(warnings).toEqual([
      [{ refused: 1, maxConnections: 2 }, expect.stringContaining('MAX_CONNECTIONS')],
    ]);
    second.destroy();
    await eventually('the free place', () => statusOf(url).then(Boolean, () => false));
  });
});

describe('a request', () => {
  it('with too many headers is refused, and none of them is dropped in silence', async () => {
    const platform = await startPlatform();
    const { url } = await startServer({ platform: platform.url });
    const send = (count: number) =>
      fetch(`${url}/healthz`, {
        headers: Object.fromEntries(Array.from({ length: count }, (_, index) => [`x-${index}`, '1'])),
      });
    // fetch adds headers of its own.
    expect((await send(HEADERS_MAX - 10)).status).toBe(200);
    const refused = await send(HEADERS_MAX + 1);
    expect(problem.parse(await refused.json())).toMatchObject({ code: 'invalid_request', status: 400 });
  });
});

describe('a server that is asked to stop', () => {
  it('closes a connection that has sent nothing yet, while it waits for a request that is under way', async () => {
    const held: ServerResponse[] = [];
    const { url, listener } = await listening({}, (_request, response) => void held.push(response));
    const answer = once(get(url), 'response') as Promise<[IncomingMessage]>;
    await eventually('the request', () => held.length === 1);
    const closed = once(await open(url), 'close');
    const drained = listener.drain(0);
    await closed;
    held[0]?.end('ok');
    expect((await answer)[0].resume().statusCode).toBe(200);
    await drained;
  });

  it('with a drain delay is not ready at once, and serves new connections until the delay is over', async () => {
    const platform = await startPlatform();
    const server = await startServer({ platform: platform.url });
    await readToken(server.url);
    let isStopped = false;
    const stopped = server.stop({ drainDelayMs: 2_000 }).then(() => {
      isStopped = true;
    });
    const ready = await fetch(`${server.url}/readyz`);
    expect([ready.status, await ready.json()]).toEqual([
      503,
      expect.objectContaining({ status: 'stopping' }),
    ]);
    // Without keep-alive each is a connection of its own.
    const [answer] = (await once(
      get(`${server.url}/v1/apps/${APP.appId}/access-token`, { agent: new Agent() }),
      'response',
    )) as [IncomingMessage];
    expect([answer.resume().statusCode, isStopped]).toEqual([401, false]);
    await stopped;
    await expect(fetch(`${server.url}/healthz`)).rejects.toThrow();
  });
});
