import { once } from 'node:events';
import { Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { problem } from '@zhongkong/shared/contract';
import { cleanUp } from '../helpers/clean-up.js';
import { eventually } from '../helpers/eventually.js';
import { API_KEY, startPlatform } from '../helpers/fixtures.js';
import { parseAnswer, sendRaw } from '../helpers/raw-http.js';
import { startServer } from '../helpers/test-server.js';

describe('what never becomes a request', () => {
  it.each([
    ['headers without end', `GET /v1/apps?${'a'.repeat(20_000)} HTTP/1.1\r\nHost: a\r\n\r\n`, /16 KiB/],
    ['another protocol', 'PING\r\n\r\n', /no HTTP/],
    [
      'two lengths',
      'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab',
      /no HTTP/,
    ],
  ])('is answered as any other error: %s', async (_what, text, detail) => {
    const platform = await startPlatform();
    const server = await startServer({ platform: platform.url });
    const answer = parseAnswer(await sendRaw(server.url, Buffer.from(text)));
    expect(answer?.status).toBe(400);
    expect(answer?.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    const { code, detail: got } = problem.parse(JSON.parse(answer?.body ?? ''));
    expect(code).toBe('invalid_request');
    expect(got).toMatch(detail);
  });

  it('is answered on a connection that has served before', async () => {
    const platform = await startPlatform();
    const server = await startServer({ platform: platform.url });
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    cleanUp(() => agent.destroy());
    for (const [query, status] of [
      ['', 200],
      ['a'.repeat(20_000), 400],
    ] as const) {
      const sent = httpRequest(`${server.url}/healthz?${query}`, { agent }).end();
      const [answer] = (await once(sent, 'response')) as [IncomingMessage];
      expect(answer.statusCode).toBe(status);
      await once(answer.resume(), 'end');
    }
  });

  it('never writes into an answer that has begun', async () => {
    const platform = await startPlatform();
    const server = await startServer({ platform: platform.url });
    const { hostname, port } = new URL(server.url);
    const socket = connect(Number(port), hostname).on('error', () => {});
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk;
    });
    const head = ['GET /v1/events HTTP/1.1', 'Host: a', `Authorization: Bearer ${API_KEY}`];
    socket.write(`${[...head, 'Transfer-Encoding: chunked'].join('\r\n')}\r\n\r\n`);
    await eventually('the stream', () => text.includes('event: access-token'));
    const before = text;
    socket.write('no chunk at all\r\n');
    await once(socket, 'close');
    expect(text).toBe(before);
  });
});
