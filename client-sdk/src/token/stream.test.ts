import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { TokenServerError } from '../errors.js';
import { systemClocks } from '../http/clock.js';
import { openTokenServer } from './server.js';
import { followStream } from './stream.js';

const SILENCE_MS = 300;
const EVENT = `event: access-token\ndata: ${JSON.stringify({ accessToken: 't', version: 1, expiresIn: 7200, refreshIn: 60 })}\n\n`;

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** Follows a stream that begins as the test says; resolves when the client gives it up. */
async function follow(begin: (stream: ServerResponse) => void, silenceMsMax = SILENCE_MS) {
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
    begin(response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const ending = new AbortController();
  const tokenServer = openTokenServer({ server: url, apiKey: 'k' });
  closers.push(
    () => server.close(),
    () => server.closeAllConnections(),
    () => tokenServer.close(),
    () => ending.abort(),
  );
  const startedAt = performance.now();
  const error = await new Promise<TokenServerError>((resolve, reject) => {
    const listener = { onToken() {}, onHeard() {}, onLost: resolve };
    const { signal: ended } = ending;
    const times = { silenceMsMax, clocks: systemClocks };
    followStream(tokenServer, { appId: 'wx', listener, ended, ...times }).catch(reject);
  });
  return { error, tookMs: performance.now() - startedAt };
}

const SILENT = { code: 'server_unreachable', status: 0, message: expect.stringContaining('silent') };

describe('a stream of updates', () => {
  it.each<[string, (stream: ServerResponse) => void]>([
    ['from the beginning', () => {}],
    ['after its first event', (stream) => void stream.write(EVENT)],
    ['after half an event', (stream) => void stream.write(EVENT.slice(0, 20))],
  ])('that is silent %s is given up', async (_when, begin) => {
    const { error, tookMs } = await follow(begin);
    expect(error).toMatchObject(SILENT);
    expect(tookMs).toBeGreaterThanOrEqual(SILENCE_MS - 1);
  });

  it('that says something in time, if only a comment, is not given up', async () => {
    // Twelve times as often as needed, and for twice the time of a silence: a busy machine may be late.
    const silenceMsMax = 1_200;
    let left = 24;
    const { error } = await follow((stream) => {
      const timer = setInterval(() => {
        stream.write(': still here\n\n');
        left -= 1;
        if (left === 0) clearInterval(timer);
      }, silenceMsMax / 12);
    }, silenceMsMax);
    expect(error).toMatchObject(SILENT);
    expect(left).toBe(0);
  });
});
