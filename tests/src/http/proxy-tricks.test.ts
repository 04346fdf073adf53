import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { APP } from '../helpers/fixtures.js';
import { startRawUpstream } from '../helpers/raw-upstream.js';
import { CLIENTS, startServer } from '../helpers/test-server.js';

const KEY = 'the-key-of-the-caller';
const config = { clients: [...CLIENTS, { name: 'caller', key: KEY, apps: [APP.appId], scopes: ['proxy'] }] };
const mount = `/proxy/${APP.appId}`;

/** A server whose platform echoes what it was asked; `send` speaks to it on a bare socket. */
async function start() {
  const upstream = await startRawUpstream((request, response) => {
    response.writeHead(200, { 'content-type': 'text/plain', 'x-target': request.url }).end(`${request.url}`);
  });
  const server = await startServer({ platform: upstream.url, config });
  const { hostname, port } = new URL(server.url);
  const send = async (line: string, headers: readonly string[] = []): Promise<string> => {
    const socket = connect(Number(port), hostname);
    socket.on('error', () => {});
    const own = [`Host: ${hostname}`, `Authorization: Bearer ${KEY}`, 'Connection: close'];
    socket.write(Buffer.from(`${[line, ...own, ...headers].join('\r\n')}\r\n\r\n`, 'latin1'));
    let answer = '';
    socket.on('data', (chunk) => {
      answer += chunk.toString('latin1');
    });
    await once(socket, 'close');
    return answer;
  };
  return { upstream, server, send };
}

const statusOf = (answer: string) => Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 0);

describe('a call that tries to lead the proxy elsewhere', () => {
  it('is refused, or goes to WeChat’s own path, and no token comes back', async () => {
    const { upstream, send } = await start();
    const tricks: [target: string, status: number][] = [
      [`http://evil.example${mount}/cgi-bin/a`, 400],
      [`http://evil.example/cgi-bin/a`, 200],
      [`//evil.example${mount}/cgi-bin/a`, 404],
      [`${mount}//evil.example/cgi-bin/a`, 400],
      [`${mount}/../../v1/apps`, 400],
      [`${mount}/cgi-bin/../cgi-bin/token`, 400],
      [`${mount}/cgi-bin/%2e%2e/a`, 400],
      [`${mount}/cgi-bin%2ftoken`, 400],
      [`${mount}/cgi-bin%5ctoken`, 400],
      [`${mount}\\..\\..\\evil.example`, 404],
      [`${mount}/\\evil.example/a`, 400],
      [`${mount}/@evil.example/a`, 400],
      [`${mount}/cgi-bin/a#/../b`, 400],
      [`${mount}/cgi-bin/%00`, 400],
      [`${mount}/cgi-bin/%E0%A4%A`, 400],
      [`/proxy/${APP.appId}%2f..%2fwx1/cgi-bin/a`, 403],
      [`/proxy/../proxy/${APP.appId}/cgi-bin/a`, 403],
      [`/PROXY/${APP.appId}/cgi-bin/a`, 400],
      [`${mount}/CGI-BIN/TOKEN`, 403],
      [`${mount}/cgi-bin/a?access_token=mine&b=//evil.example`, 200],
    ];
    for (const [target, status] of tricks) {
      const answer = await send(`GET ${target} HTTP/1.1`);
      expect([target, statusOf(answer)]).toEqual([target, status]);
      expect(answer).not.toContain(upstream.token);
    }
    expect(upstream.seen.map(({ url }) => url)).toEqual([
      `/cgi-bin/a?access_token=${upstream.token}&b=//evil.example`,
    ]);
  });

  it.each([
    ['another host', ['X-Forwarded-Host: evil.example', 'Forwarded: host=evil.example']],
    [
      'a header of one connection',
      ['Connection: authorization, content-type', 'Content-Type: a/b', 'Keep-Alive: 5'],
    ],
    ['an upgrade', ['Upgrade: websocket', 'Connection: upgrade']],
    ['an expectation', ['Expect: the-unexpected']],
    ['two lengths', ['Content-Length: 1', 'Content-Length: 2']],
    ['a length and chunks', ['Content-Length: 1', 'Transfer-Encoding: chunked']],
    ['a trailer', ['TE: trailers', 'Trailer: x']],
    ['a second host', ['Host: evil.example']],
  ])('by %s gets nowhere, and never a fault of ours', async (_what, headers) => {
    const { upstream, send } = await start();
    const answer = await send(`GET ${mount}/cgi-bin/a HTTP/1.1`, headers);
    expect([200, 400, 417]).toContain(statusOf(answer));
    expect(answer).not.toContain(upstream.token);
    for (const seen of upstream.seen) {
      expect(seen.headers.host).toBe(new URL(upstream.url).host);
      expect(Object.keys(seen.headers)).not.toContain('authorization');
      expect(JSON.stringify(seen.headers)).not.toMatch(/evil|upgrade|trailer/);
    }
  });

  it('by any text at all does no harm: no 5xx, no crash, no token, no other path', async () => {
    const { upstream, server, send } = await start();
    const piece = fc.constantFrom(
      ...[
        '/',
        '..',
        '.',
        '%2f',
        '%5c',
        '\\',
        '//',
        '?',
        '&',
        '#',
        '@',
        ':',
        'evil.example',
        'cgi-bin',
        'token',
      ],
      ...[
        '%',
        '%00',
        'access_token=',
        ';',
        'http:',
        '\t',
        '\u00ff',
        '*',
        '[',
        ']',
        '{',
        '|',
        '%25',
        '~',
        '+',
      ],
    );
    const target = fc.array(piece, { maxLength: 10 }).map((pieces) => pieces.join(''));
    const method = fc.constantFrom(
      'GET',
      'POST',
      'PUT',
      'DELETE',
      'OPTIONS',
      'TRACE',
      'PROPFIND',
      'M-SEARCH',
    );
    await fc.assert(
      fc.asyncProperty(
        method,
        fc.constantFrom(`${mount}/`, mount, '/proxy/', '/'),
        target,
        async (verb, base, text) => {
          upstream.seen.length = 0;
          const answer = await send(`${verb} ${base}${text} HTTP/1.1`);
          expect(statusOf(answer)).toBeGreaterThanOrEqual(200);
          expect(statusOf(answer)).toBeLessThan(500);
          expect(answer).not.toContain(upstream.token);
          for (const { url } of upstream.seen) expect(url).toMatch(/^(\/[\w.~-]+)+\?access_token=99_/);
        },
      ),
      { numRuns: 300 },
    );
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
  });
});
