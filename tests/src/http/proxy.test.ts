import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { problem } from '@zhongkong/shared/contract';
import { eventually } from '../helpers/eventually.js';
import { APP, OTHER_APP, startPlatform } from '../helpers/fixtures.js';
import { type RawUpstream, startRawUpstream } from '../helpers/raw-upstream.js';
import { CLIENTS, startServer } from '../helpers/test-server.js';

const KEY = 'the-key-of-the-caller';
const config = { clients: [...CLIENTS, { name: 'caller', key: KEY, apps: [APP.appId], scopes: ['proxy'] }] };
const mount = `/proxy/${APP.appId}`;

type Call = (path: string, init?: RequestInit & { key?: string }) => Promise<Response>;

async function start(upstream: { url: string }): Promise<Call> {
  const server = await startServer({ platform: upstream.url, config });
  return (path, { key = KEY, headers, ...init } = {}) =>
    fetch(`${server.url}${path}`, {
      redirect: 'manual',
      headers: { ...(headers as Record<string, string>), authorization: `Bearer ${key}` },
      ...init,
    });
}

async function startWithPlatform() {
  const platform = await startPlatform();
  return { platform, call: await start(platform) };
}

async function startRaw(answer: RawUpstream['answer']) {
  const upstream = await startRawUpstream(answer);
  return { upstream, call: await start(upstream) };
}

const POST_JSON = { method: 'POST', headers: { 'content-type': 'application/json' } };

describe('ANY /proxy/{appId}/…', () => {
  it('adds the token: a client in any language calls WeChat without one', async () => {
    const { call } = await startWithPlatform();
    const answer = await call(`${mount}/cgi-bin/getcallbackip`);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ ip_list: expect.any(Array) });
  });

  it('passes a JSON body up and a binary answer back', async () => {
    const { call } = await startWithPlatform();
    const body = JSON.stringify({ scene: 'id=1', check_path: false, page: 'pages/index/index' });
    const answer = await call(`${mount}/wxa/getwxacodeunlimit`, { ...POST_JSON, body });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'image/jpeg']);
    const image = Buffer.from(await answer.arrayBuffer());
    expect(image.subarray(0, 2).toString('hex')).toBe('ffd8');
  });

  it('heals a dead token and makes the call once more, with the same body', async () => {
    const { platform, call } = await startWithPlatform();
    await call(`${mount}/cgi-bin/getcallbackip`);
    platform.control.revoke({ appId: APP.appId });
    const body = JSON.stringify({ scene: 'id=1', check_path: false, page: 'pages/index/index' });
    const answer = await call(`${mount}/wxa/getwxacodeunlimit`, { ...POST_JSON, body });
    expect(answer.headers.get('content-type')).toBe('image/jpeg');
    expect(platform.control.calls({ path: '/wxa/getwxacodeunlimit' })).toHaveLength(2);
    expect(platform.control.counters(APP.appId).tokensIssued.stable).toBe(2);
  });

  it.each([5, 9.9])('makes an upload of %d MiB once more', async (mebibytes) => {
    const { platform, call } = await startWithPlatform();
    await call(`${mount}/cgi-bin/getcallbackip`);
    platform.control.revoke({ appId: APP.appId });
    const form = new FormData();
    const picture = Buffer.alloc(mebibytes * 1024 * 1024, 'x');
    Buffer.from('89504e470d0a1a0a', 'hex').copy(picture);
    form.set('media', new Blob([picture], { type: 'image/png' }), 'picture.png');
    const answer = await call(`${mount}/cgi-bin/media/upload?type=image`, { method: 'POST', body: form });
    expect(await answer.json()).toMatchObject({ type: 'image', media_id: expect.any(String) });
    expect(platform.control.calls({ path: '/cgi-bin/media/upload' })).toHaveLength(2);
  });

  it('passes 40001 on, after one call, when the token is alive', async () => {
    const { platform, call } = await startWithPlatform();
    platform.control.addFault({
      kind: 'errcode',
      errcode: 40001,
      path: '/cgi-bin/getcallbackip',
      times: 'forever',
    });
    expect(await (await call(`${mount}/cgi-bin/getcallbackip`)).json()).toMatchObject({ errcode: 40001 });
    expect(platform.control.calls({ path: '/cgi-bin/getcallbackip' })).toHaveLength(1);
    expect(platform.control.counters(APP.appId).tokensIssued.stable).toBe(1);
  });

  it('passes other faults of WeChat on as they are', async () => {
    const { platform, call } = await startWithPlatform();
    platform.control.addFault({ kind: 'errcode', errcode: 48001, path: '/cgi-bin/menu/get' });
    const answer = await call(`${mount}/cgi-bin/menu/get`);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ errcode: 48001 });
  });

  it.each([
    ['/cgi-bin/token?grant_type=client_credential', KEY, 403, 'forbidden'],
    ['/sns/jscode2session?js_code=1', KEY, 403, 'forbidden'],
    ['/cgi-bin/a?secret=x', KEY, 403, 'forbidden'],
    ['/cgi-bin/getcallbackip', 'the-key-of-the-reader', 403, 'forbidden'],
    ['/cgi-bin/getcallbackip', 'nobody', 401, 'unauthorized'],
    ['/cgi-bin/%2e%2e%2ftoken', KEY, 400, 'invalid_request'],
  ])('%s with %s is %d', async (path, key, status, code) => {
    const { upstream, call } = await startRaw((_request, response) => response.end('{}'));
    const answer = await call(`${mount}${path}`, { key });
    expect([answer.status, problem.parse(await answer.json()).code]).toEqual([status, code]);
    expect(upstream.seen).toEqual([]);
  });

  it('tells nothing about an app that is not the client’s', async () => {
    const { call } = await startRaw((_request, response) => response.end('{}'));
    expect((await call(`/proxy/${OTHER_APP.appId}/cgi-bin/a`)).status).toBe(403);
  });

  it('sends on what WeChat needs, and neither key nor cookie nor another host', async () => {
    const { upstream, call } = await startRaw((_request, response) => response.end('{}'));
    await call(`${mount}/cgi-bin/a?b=%20c&access_token=mine`, {
      method: 'PUT',
      body: '{"a":1}',
      headers: {
        'content-type': 'application/json',
        cookie: 'a=b',
        'x-forwarded-host': 'evil.example',
        'x-original-url': '/cgi-bin/token',
        'x-http-method-override': 'DELETE',
        'accept-encoding': 'gzip',
        'wechatmp-appid': 'wx1',
      },
    });
    const [seen] = upstream.seen;
    expect(seen).toMatchObject({ method: 'PUT', url: `/cgi-bin/a?access_token=${upstream.token}&b=%20c` });
    expect(seen?.headers.host).toBe(new URL(upstream.url).host);
    const { host: _host, connection: _connection, accept: _accept, ...rest } = seen?.headers ?? {};
    expect(rest).toEqual({
      'accept-encoding': 'identity',
      'accept-language': '*',
      'content-length': '7',
      'content-type': 'application/json',
      'user-agent': 'node',
      'wechatmp-appid': 'wx1',
    });
  });

  it.each([404, 418, 502, 503])('passes the status %d on with body and headers', async (status) => {
    const { call } = await startRaw((_request, response) => {
      response.writeHead(status, { 'wechatmp-serial': 'yes', 'content-type': 'text/html' }).end('<p>no</p>');
    });
    const answer = await call(`${mount}/cgi-bin/a`);
    expect([answer.status, answer.headers.get('wechatmp-serial'), await answer.text()]).toEqual([
      status,
      'yes',
      '<p>no</p>',
    ]);
  });

  it('never gives the token back: not in a header, a redirect, or a text', async () => {
    const { upstream, call } = await startRaw((request, response) => {
      response.writeHead(302, {
        location: `/cgi-bin/b?x=1&access_token=${TOKEN_OF(request.url)}`,
        'wechatmp-echo': `token ${TOKEN_OF(request.url)}`,
        'set-cookie': 'a=b',
        'content-type': 'text/plain; charset=gbk',
      });
      response.end(Buffer.from(`${request.url} \xd6\xd0`, 'latin1'));
    });
    const answer = await call(`${mount}/cgi-bin/a`);
    expect(answer.status).toBe(302);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      location: `${mount}/cgi-bin/b?x=1`,
      'wechatmp-echo': 'token ***',
    });
    expect(answer.headers.has('set-cookie')).toBe(false);
    const bytes = Buffer.from(await answer.arrayBuffer());
    expect(bytes.toString('latin1')).toBe('/cgi-bin/a?access_token=*** \xd6\xd0');
    expect(upstream.seen).toHaveLength(1);
  });

  it.each([
    'http://evil.example/a',
    '//evil.example/a',
    'https://127.0.0.1/a',
    'javascript:alert(1)',
    'http://[',
  ])('does not lead to %s, which it was redirected to', async (location) => {
    const { call } = await startRaw((_request, response) => response.writeHead(301, { location }).end());
    const answer = await call(`${mount}/cgi-bin/a`);
    expect([answer.status, answer.headers.get('location')]).toEqual([301, null]);
  });

  it('answers HEAD with the headers alone', async () => {
    const { upstream, call } = await startRaw((_request, response) => {
      response.writeHead(200, { 'content-type': 'image/png', 'content-length': '1000' }).end();
    });
    const answer = await call(`${mount}/cgi-bin/media/get`, { method: 'HEAD' });
    expect([answer.status, answer.headers.get('content-length')]).toEqual([200, '1000']);
    expect(upstream.seen[0]?.method).toBe('HEAD');
  });

  it('passes a compressed answer through as it is, even if it was not asked for', async () => {
    const packed = gzipSync('{"errcode":0}');
    const { call } = await startRaw((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }).end(packed);
    });
    expect(await (await call(`${mount}/cgi-bin/a`)).json()).toEqual({ errcode: 0 });
  });

  it('503: says that WeChat cannot be reached, or hung up', async () => {
    const { call } = await startRaw((request) => request.socket.destroy());
    const answer = await call(`${mount}/cgi-bin/a`);
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1']);
    const body = await answer.text();
    expect(problem.parse(JSON.parse(body)).code).toBe('upstream_unavailable');
    expect(body).not.toContain('99_');
  });

  it('breaks the answer off where WeChat does, so that nobody takes half of it for the whole', async () => {
    const { call } = await startRaw((_request, response) => {
      response.writeHead(200, { 'content-type': 'image/png', 'content-length': '1000' });
      response.write(Buffer.alloc(10), () => response.destroy());
    });
    const answer = await call(`${mount}/cgi-bin/a`);
    await expect(answer.arrayBuffer()).rejects.toThrow();
  });

  it('ends the call at WeChat when the client goes away', async () => {
    let ended = false;
    const { call, upstream } = await startRaw((_request, response) => {
      response.once('close', () => {
        ended = true;
      });
    });
    const gone = new AbortController();
    const answer = call(`${mount}/cgi-bin/a`, { signal: gone.signal });
    answer.catch(() => {});
    await eventually('the call', () => upstream.seen.length === 1);
    gone.abort();
    await eventually('its end', () => ended);
  });

  it('does not repeat a call whose body is too large to be kept, but heals the token', async () => {
    const { platform, call } = await startWithPlatform();
    await call(`${mount}/cgi-bin/getcallbackip`);
    platform.control.revoke({ appId: APP.appId });
    const body = Buffer.alloc(11 * 1024 * 1024);
    const answer = await call(`${mount}/cgi-bin/media/upload?type=image`, { method: 'POST', body });
    expect(await answer.json()).toMatchObject({ errcode: 40001 });
    expect(platform.control.calls({ path: '/cgi-bin/media/upload' })).toHaveLength(1);
    expect(platform.control.counters(APP.appId).tokensIssued.stable).toBe(2);
  });

  it('answers while the client still sends, when WeChat does', async () => {
    const upstream = await startRawUpstream((_request, response) => response.writeHead(413).end('{}'));
    const server = await startServer({ platform: upstream.url, config });
    const sent = httpRequest(`${server.url}${mount}/cgi-bin/a`, {
      method: 'POST',
      headers: { authorization: `Bearer ${KEY}`, 'content-length': 20 * 1024 * 1024 },
    });
    sent.on('error', () => {});
    sent.write(Buffer.alloc(1024 * 1024));
    const [answer] = await once(sent, 'response');
    expect(answer.statusCode).toBe(413);
    sent.destroy();
  });
});

const TOKEN_OF = (url = '') => /access_token=([^&]+)/.exec(url)?.[1] ?? '';
