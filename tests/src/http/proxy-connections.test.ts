import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { APP, startPlatform } from '../helpers/fixtures.js';
import { readToken } from '../helpers/http.js';
import { serve } from '../helpers/serve.js';
import { CLIENTS, startServer } from '../helpers/test-server.js';

const KEY = 'the-key-of-the-caller';
const config = { clients: [...CLIENTS, { name: 'caller', key: KEY, apps: [APP.appId], scopes: ['proxy'] }] };
const authorization = `Bearer ${KEY}`;
const DEAD = JSON.stringify({ errcode: 40001, errmsg: 'invalid credential, access_token is invalid' });
const CALL = '/cgi-bin/a';
const MIB = 1_000_000;

type Answer = (request: IncomingMessage, response: ServerResponse, isDead: boolean) => void;

/** The sandbox, but for one path that the test answers. */
async function start(answer: Answer) {
  const platform = await startPlatform();
  let dead = '';
  const url = await serve(async (request, response) => {
    const asked = new URL(request.url ?? '/', platform.url);
    if (asked.pathname === CALL) {
      answer(request, response, asked.searchParams.get('access_token') === dead);
      return;
    }
    const body = Buffer.concat(await request.toArray());
    const passed = await fetch(asked, {
      method: request.method ?? 'GET',
      ...(body.length > 0 ? { body, headers: { 'content-type': 'application/json' } } : {}),
    });
    response.end(Buffer.from(await passed.arrayBuffer()));
  });
  const server = await startServer({ platform: url, config });
  dead = (await readToken(server.url)).accessToken;
  return {
    kill: () => platform.control.revoke({ appId: APP.appId }),
    url: `${server.url}/proxy/${APP.appId}${CALL}`,
  };
}

const call = (url: string, init: RequestInit = {}) =>
  fetch(url, { ...init, headers: { ...(init.headers as object), authorization } });

/** Sends a body in pieces, slowly. */
async function upload(url: string, bytes: number, pauseMs: number): Promise<string> {
  const sent = httpRequest(url, {
    method: 'POST',
    headers: { authorization, 'content-length': bytes, 'content-type': 'application/octet-stream' },
  });
  const answered = once(sent, 'response') as Promise<[IncomingMessage]>;
  const piece = Buffer.alloc(bytes / 10, 'x');
  for (let count = 0; count < 10; count += 1) {
    sent.write(piece);
    await sleep(pauseMs);
  }
  sent.end();
  const [answer] = await answered;
  return Buffer.concat(await answer.toArray()).toString();
}

describe('an upload that WeChat refuses before it has come in', () => {
  it.each([
    ['keeps the connection', 'keep-alive'],
    ['closes the connection', 'close'],
  ])('is made once more when WeChat %s, whatever the speed of the client', async (_what, connection) => {
    const received: number[] = [];
    const { url, kill } = await start((request, response, isDead) => {
      response.setHeader('connection', connection);
      if (isDead) {
        response.end(DEAD);
        request.resume();
        return;
      }
      let bytes = 0;
      request.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
      });
      request.on('end', () => {
        received.push(bytes);
        response.end('{"media_id":"m"}');
      });
    });
    kill();
    expect(await upload(url, 5 * MIB, 0)).toBe('{"media_id":"m"}');
    expect(await upload(url, 2 * MIB, 60)).toBe('{"media_id":"m"}');
    expect(received).toEqual([5 * MIB, 2 * MIB]);
  });

  it('is answered with the fault when it is too large to be kept', async () => {
    const { url, kill } = await start((request, response, isDead) => {
      request.resume();
      response.end(isDead ? DEAD : '{}');
    });
    kill();
    expect(await upload(url, 20 * MIB, 0)).toBe(DEAD);
  });
});

describe('a connection that WeChat resets', () => {
  /** Every second request of a connection is reset, before or after its body was read. */
  function resetting(when: 'at once' | 'after the body'): { answer: Answer; seen: string[] } {
    const counts = new WeakMap<Socket, number>();
    const seen: string[] = [];
    return {
      seen,
      answer(request, response) {
        const { socket, method = '' } = request;
        const count = (counts.get(socket) ?? 0) + 1;
        counts.set(socket, count);
        seen.push(method);
        if (count > 1 && when === 'at once') {
          socket.resetAndDestroy();
          return;
        }
        request.resume().on('end', () => (count > 1 ? socket.resetAndDestroy() : response.end('{}')));
      },
    };
  }

  it('costs no call that changes nothing', async () => {
    const { answer } = resetting('at once');
    const { url } = await start(answer);
    for (const method of ['GET', 'GET', 'HEAD', 'GET', 'OPTIONS', 'GET', 'GET', 'GET', 'GET', 'GET'])
      expect([method, (await call(url, { method })).status]).toEqual([method, 200]);
  });

  it('costs no upload of which WeChat got a part only', async () => {
    const { answer } = resetting('at once');
    const { url } = await start(answer);
    for (let count = 0; count < 6; count += 1) expect(await upload(url, 4 * MIB, 1)).toBe('{}');
  });

  it('never makes a call twice that WeChat may have carried out', async () => {
    const { answer, seen } = resetting('after the body');
    const { url } = await start(answer);
    const statuses: number[] = [];
    for (let count = 0; count < 6; count += 1)
      statuses.push((await call(url, { method: 'POST', body: '{"a":1}' })).status);
    expect(seen).toHaveLength(6);
    expect(statuses).toEqual([200, 503, 200, 503, 200, 503]);
  });

  it('costs no call when it was idle: the next call takes another connection', async () => {
    const { url } = await start((request, response) => {
      request.resume();
      response.end('{}', () => setImmediate(() => request.socket.resetAndDestroy()));
    });
    for (let count = 0; count < 10; count += 1) {
      expect((await call(url, { method: 'POST', body: '{"a":1}' })).status).toBe(200);
      await sleep(5);
    }
  });
});

describe('a compressed answer', () => {
  it.each([
    ['gzip', gzipSync],
    ['br', brotliCompressSync],
    ['deflate', deflateSync],
  ] as const)('with a fault in it (%s) heals the token', async (encoding, pack) => {
    const { url, kill } = await start((_request, response, isDead) => {
      response.writeHead(isDead ? 401 : 200, { 'content-type': 'image/jpeg', 'content-encoding': encoding });
      response.end(pack(isDead ? DEAD : '\u00ff\u00d8 a picture'));
    });
    kill();
    const answer = await call(url);
    expect([answer.status, await answer.text()]).toEqual([200, '\u00ff\u00d8 a picture']);
  });

  it('and a byte order mark do not hide a fault under any status', async () => {
    const { url, kill } = await start((_request, response, isDead) => {
      response.writeHead(isDead ? 403 : 200, { 'content-type': 'text/html; charset=gbk' });
      response.end(isDead ? `\ufeff${DEAD}` : 'well');
    });
    kill();
    expect(await (await call(url)).text()).toBe('well');
  });
});

describe('the headers of an answer', () => {
  it.each([
    ['small', 10],
    ['large', 400_000],
  ])('keep UTF-8 in a %s answer', async (_size, length) => {
    const name = Buffer.from('attachment; filename="小程序码.jpg"').toString('latin1');
    const { url } = await start((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/plain', 'content-disposition': name });
      response.end('x'.repeat(length));
    });
    const sent = httpRequest(url, { headers: { authorization } }).end();
    const [answer] = (await once(sent, 'response')) as [IncomingMessage];
    answer.resume();
    expect(answer.headers['content-disposition']).toBe(name);
  });

  it('say that it is for its caller alone, and can do nothing as a page', async () => {
    const { url } = await start((_request, response) => {
      response.writeHead(200, {
        'content-type': 'text/html',
        'cache-control': 'public, max-age=600',
        'x-accel-redirect': '/secrets',
        'clear-site-data': '"*"',
      });
      response.end('<script>alert(1)</script>');
    });
    const { headers } = await call(url);
    expect(Object.fromEntries(headers)).toMatchObject({
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringContaining('sandbox'),
    });
    for (const name of ['x-accel-redirect', 'clear-site-data']) expect(headers.has(name)).toBe(false);
  });
});

describe('an answer that tries to be two', () => {
  const second = 'HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nSECOND';
  it.each([
    ['two lengths', `Content-Length: 2\r\nContent-Length: ${second.length + 2}\r\n\r\n{}${second}`],
    ['a length and chunks', `Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${second}`],
    ['a chunk with a wrong length', 'Transfer-Encoding: chunked\r\n\r\n2;\r\n{}x\r\n0\r\n\r\n'],
    ['a bare line feed', `X: a\n\n{}${second}`],
  ])('by %s is refused', async (_how, rest) => {
    const { url } = await start((request) => {
      request.socket.end(`HTTP/1.1 200 OK\r\n${rest}`);
    });
    const answer = await call(url).catch(() => undefined);
    const text = await answer?.text().catch(() => '');
    expect(text ?? '').not.toContain('SECOND');
    expect(answer?.status === 200 && text === '{}').toBe(false);
  });

  it('by bytes after its end harms neither this call nor the next', async () => {
    const { url } = await start((request) => {
      request.socket.write(`HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}${second}`);
    });
    for (let count = 0; count < 4; count += 1) expect(await (await call(url)).text()).toBe('{}');
  });
});
