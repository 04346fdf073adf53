import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { cleanUp } from '../helpers/clean-up.js';
import { eventually } from '../helpers/eventually.js';
import { API_KEY, APP, startPlatform } from '../helpers/fixtures.js';
import { startRawUpstream } from '../helpers/raw-upstream.js';
import { CLIENTS, startServer } from '../helpers/test-server.js';

const KEY = 'the-key-of-the-caller';
const config = { clients: [...CLIENTS, { name: 'caller', key: KEY, apps: [APP.appId], scopes: ['proxy'] }] };

/** Opens a connection and sends the same request so many times without waiting for an answer. */
async function pipeline(serverUrl: string, path: string, key: string, count: number): Promise<Socket> {
  const { hostname, port } = new URL(serverUrl);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => {});
  cleanUp(() => socket.destroy());
  await once(socket, 'connect');
  socket.write(
    `GET ${path} HTTP/1.1\r\nHost: zhongkong\r\nAuthorization: Bearer ${key}\r\n\r\n`.repeat(count),
  );
  return socket;
}

describe('requests that follow each other on one connection before they are answered', () => {
  it('are answered in their order', async () => {
    const platform = await startPlatform();
    const { url } = await startServer({ platform: platform.url });
    const socket = await pipeline(url, '/healthz', API_KEY, 50);
    let text = '';
    socket.on('data', (chunk: Buffer) => {
      text += chunk;
    });
    await eventually('all answers', () => text.split('{"status":"ok"}').length === 51);
  });

  it.each([20, 3_000])(
    'leave no event stream behind when the connection ends: %i requests',
    async (count) => {
      const platform = await startPlatform();
      const { url } = await startServer({ platform: platform.url });
      const openStreams = async () => {
        const answer = await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${API_KEY}` } });
        return Number(/^zhongkong_event_streams (\d+)/m.exec(await answer.text())?.[1]);
      };
      const socket = await pipeline(url, '/v1/events', API_KEY, count);
      if (count === 20) {
        await once(socket, 'data');
        expect(await openStreams()).toBe(1);
      }
      socket.destroy();
      await eventually('the end of the streams', async () => (await openStreams()) === 0);
      const kept = await fetch(`${url}/v1/events`, { headers: { authorization: `Bearer ${API_KEY}` } });
      expect(kept.status).toBe(200);
      await kept.body?.cancel();
    },
  );

  it('block no proxied call when the connection ends', async () => {
    let open = 0;
    const upstream = await startRawUpstream(({ url }, response) => {
      if (url?.startsWith('/cgi-bin/b')) return void response.end('{}');
      open += 1;
      response.once('close', () => {
        open -= 1;
      });
      response.writeHead(200, { 'content-type': 'image/png' }).write(Buffer.alloc(1_000_000));
    });
    const { url } = await startServer({ platform: upstream.url, config });
    for (let round = 0; round < 8; round += 1) {
      const socket = await pipeline(url, `/proxy/${APP.appId}/cgi-bin/a`, KEY, 40);
      await once(socket, 'data');
      socket.destroy();
    }
    await eventually('the end of the calls', () => open === 0);
    const answers = await Promise.all(
      Array.from({ length: 256 }, () =>
        fetch(`${url}/proxy/${APP.appId}/cgi-bin/b`, { headers: { authorization: `Bearer ${KEY}` } }),
      ),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  });
});
