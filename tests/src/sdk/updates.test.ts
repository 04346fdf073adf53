import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { type ClientEvent, createTokenClient, type TokenClientOptions } from '@zhongkong/client-sdk';
import { cleanUp } from '../helpers/clean-up.js';
import { eventually } from '../helpers/eventually.js';
import { API_KEY, APP, startPlatform } from '../helpers/fixtures.js';
import { freePort } from '../helpers/free-port.js';
import { factsOf, startScriptedServer } from '../helpers/scripted-server.js';
import { spawnServer } from '../helpers/server-process.js';
import { tempFolder } from '../helpers/temp-folder.js';

async function start(options: Partial<TokenClientOptions> = {}) {
  const server = await startScriptedServer();
  const open = () => {
    const events: ClientEvent[] = [];
    const onEvent = (event: ClientEvent) => void events.push(event);
    const tokens = createTokenClient({ server: server.url, apiKey: 'k', appId: 'wx', onEvent, ...options });
    cleanUp(() => tokens.close());
    const ways = () => events.flatMap((event) => (event.type === 'updates' ? [event.by] : []));
    return { tokens, events, ways };
  };
  return { server, open };
}

const STREAM = 'GET /v1/events?apps=wx';
const READ = 'GET /v1/apps/wx/access-token';

describe('updates by stream', () => {
  it('bring a new token the moment it is there, with one connection and no polling', async () => {
    const { server, open } = await start();
    server.facts = { ...factsOf(1), refreshIn: 0 };
    const { tokens, ways } = open();
    await eventually('the stream', () => ways().length === 1);
    server.push({ ...factsOf(2), refreshIn: 0 });
    await eventually('the new token', () => tokens.peek() === 'token-2');
    await sleep(1_200);
    expect(server.requests.filter((line) => line === STREAM)).toHaveLength(1);
    expect(server.requests.filter((line) => line === READ).length).toBeLessThanOrEqual(1);
    expect(await tokens.getAccessToken()).toBe('token-2');
  });

  it('fall back to polling when the stream breaks, and come back to the stream', async () => {
    const { server, open } = await start();
    const { tokens, ways } = open();
    await eventually('the stream', () => ways().length === 1);
    for (const stream of server.streams) stream.destroy();
    server.facts = factsOf(2);
    await eventually('the token that was polled', () => tokens.peek() === 'token-2');
    await eventually('the stream again', () => ways().length === 3);
    expect(ways()).toEqual(['stream', 'poll', 'stream']);
    server.push(factsOf(3));
    await eventually('the token that was pushed', () => tokens.peek() === 'token-3');
  });

  it.each<[string, number, string, string]>([
    ['knows no streams', 404, 'application/problem+json', '{"code":"not_found"}'],
    ['answers with a page', 200, 'text/html', '<html>'],
  ])('become polls with a server that %s', async (_name, status, type, body) => {
    const { server, open } = await start();
    server.facts = { ...factsOf(1), refreshIn: 0 };
    server.intercept = ({ url }, response) => {
      if (!url?.startsWith('/v1/events')) return undefined;
      response.writeHead(status, { 'content-type': type }).end(body);
      return true;
    };
    const { tokens, ways } = open();
    await tokens.getAccessToken();
    server.facts = { ...factsOf(2), refreshIn: 0 };
    await eventually('the token that was polled', () => tokens.peek() === 'token-2');
    expect(ways()).toEqual([]);
    expect(server.requests.filter((line) => line === STREAM)).toHaveLength(1);
  });

  it.each([
    ['no JSON', 'event: access-token\ndata: <html>\n\n'],
    ['no token', 'event: access-token\ndata: {"ok":true}\n\n'],
    ['no end', `data: ${'x'.repeat(100_000)}`],
  ])('of a stream that holds %s are dropped, and the client polls', async (_name, text) => {
    const { server, open } = await start();
    server.facts = { ...factsOf(1), refreshIn: 0 };
    server.intercept = ({ url }, response) => {
      if (!url?.startsWith('/v1/events')) return undefined;
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write(text);
      return true;
    };
    const { tokens } = open();
    await tokens.getAccessToken();
    server.facts = { ...factsOf(2), refreshIn: 0 };
    await eventually('the token that was polled', () => tokens.peek() === 'token-2');
  });

  it('ignore events that they do not know, and comments', async () => {
    const { server, open } = await start();
    const { tokens, ways } = open();
    await eventually('the stream', () => ways().length === 1);
    for (const stream of server.streams) stream.write(': still here\n\nevent: ticket\ndata: what?\n\n');
    server.push(factsOf(2));
    await eventually('the new token', () => tokens.peek() === 'token-2');
    expect(ways()).toEqual(['stream']);
  });

  it('go on with the next server of the list when the server asks for it, with no poll and no loss between', async () => {
    const [server, other] = [await startScriptedServer(), await startScriptedServer()];
    const events: ClientEvent[] = [];
    const tokens = createTokenClient({
      server: [server.url, other.url],
      apiKey: 'k',
      appId: 'wx',
      onEvent: (event) => void events.push(event),
    });
    cleanUp(() => tokens.close());
    await eventually('the stream', () => server.streams.size === 1 && tokens.peek() === 'token-1');
    other.facts = factsOf(2);
    for (const stream of server.streams) stream.end('retry: 700\nevent: move\ndata: {}\n\n');
    await eventually('the token of the other', () => tokens.peek() === 'token-2');
    expect(other.streams.size).toBe(1);
    expect(events.map(({ type }) => type)).not.toContain('server-lost');
    expect(
      [...server.requests, ...other.requests].filter((line) => line === READ).length,
    ).toBeLessThanOrEqual(1);
  });

  it('say that the server is back when it is the stream that comes back first', async () => {
    const { server, open } = await start();
    const { events, ways } = open();
    await eventually('the stream', () => ways().length === 1);
    server.intercept = (request) => {
      request.socket.destroy();
      return true;
    };
    for (const stream of server.streams) stream.destroy();
    await eventually('the loss', () => events.some(({ type }) => type === 'server-lost'));
    // Only the stream may come back.
    server.intercept = ({ url }, response) => {
      if (url?.startsWith('/v1/events')) return undefined;
      response.writeHead(503).end();
      return true;
    };
    await eventually('the stream again', () => ways().length === 3);
    await eventually(
      'the end of the loss',
      () => events.at(-1)?.type === 'server-back' || events.at(-2)?.type === 'server-back',
      2_000,
    );
  });

  it('end with the client', async () => {
    const { server, open } = await start();
    const { tokens, ways } = open();
    await eventually('the stream', () => ways().length === 1);
    await tokens.close();
    await eventually('the end of the stream', () => server.streams.size === 0);
    server.facts = factsOf(2);
    await sleep(500);
    expect(tokens.peek()).toBe('token-1');
  });
});

async function openStreams(url: string): Promise<number> {
  const response = await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${API_KEY}` } });
  return Number(/^zhongkong_event_streams (\d+)$/m.exec(await response.text())?.[1]);
}

describe('updates by stream of the real server', () => {
  it('bring the token that another service has had refreshed, at once, and outlive a restart of the server', async () => {
    const platform = await startPlatform();
    const options = { platform: platform.url, config: { apps: [APP] }, dataDir: tempFolder() };
    const port = String(await freePort());
    const first = spawnServer({ ...options, environment: { PORT: port } });
    const url = await first.ready;
    const events: ClientEvent[] = [];
    const onEvent = (event: ClientEvent) => void events.push(event);
    const open = () => createTokenClient({ server: url, apiKey: API_KEY, appId: APP.appId, onEvent });
    const [service, other] = [open(), open()];
    cleanUp(() => Promise.all([service.close(), other.close()]));
    const streams = () => events.filter((event) => event.type === 'updates' && event.by === 'stream').length;
    await eventually('both streams', () => streams() === 2);

    const dead = await service.getAccessToken();
    platform.control.revoke({ appId: APP.appId });
    const healed = await other.reportInvalid(dead, 40001);
    expect(healed).not.toBe(dead);
    await eventually('the push', () => service.peek() === healed, 1_000);

    first.kill('SIGTERM');
    await first.ended;
    expect(await service.getAccessToken()).toBe(healed);
    await spawnServer({ ...options, environment: { PORT: port } }).ready;
    await eventually('both streams again', () => openStreams(url).then((count) => count === 2));
    platform.control.revoke({ appId: APP.appId });
    const healedAgain = await other.reportInvalid(healed, 40001);
    await eventually('the push', () => service.peek() === healedAgain, 1_000);
  });
});

describe.each(['stream', 'poll'] as const)('updates by %s', (updates) => {
  it.each([401, 403])(
    'stop with one clear event when the server answers %d, and start anew when a call succeeds',
    async (status) => {
      const { server, open } = await start({ updates });
      const refuse = ((_request, response) => {
        response.writeHead(status, { 'content-type': 'application/problem+json' });
        response.end('{"code":"unauthorized","detail":"no such key"}');
        return true;
      }) satisfies typeof server.intercept;
      server.intercept = refuse;
      const { tokens, events } = open();
      const stopped = () => events.filter(({ type }) => type === 'updates-stopped');
      await eventually('the end of the updates', () => stopped().length > 0);
      const asked = server.requests.length;
      await sleep(1_500);
      expect(server.requests).toHaveLength(asked);
      expect(stopped()).toMatchObject([{ error: { code: 'unauthorized', status } }]);

      server.intercept = () => undefined;
      server.facts = { ...factsOf(1), refreshIn: 0 };
      expect(await tokens.getAccessToken()).toBe('token-1');
      if (updates === 'stream') await eventually('the stream', () => server.streams.size === 1);
      server.push({ ...factsOf(2), refreshIn: 0 });
      await eventually('an update', () => tokens.peek() === 'token-2');
    },
  );
});

describe('a key that is not accepted', () => {
  it('is shown once a second at most, however many calls are made', async () => {
    const { server, open } = await start({ updates: 'none' });
    server.intercept = (_request, response) => {
      response.writeHead(401).end();
      return true;
    };
    const { tokens } = open();
    for (let calls = 0; calls < 50; calls += 1)
      await expect(tokens.getAccessToken()).rejects.toMatchObject({ status: 401 });
    expect(server.requests.length).toBeLessThanOrEqual(3);
  });
});

describe('a hook that throws', () => {
  it('breaks no call', async () => {
    const { open } = await start({
      updates: 'none',
      onEvent: () => {
        throw new Error('the host is broken');
      },
    });
    expect(await open().tokens.getAccessToken()).toBe('token-1');
  });
});
