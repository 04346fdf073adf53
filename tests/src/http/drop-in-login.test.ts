import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { APP, OTHER_APP, startPlatform } from '../helpers/fixtures.js';
import { startRawUpstream } from '../helpers/raw-upstream.js';
import { CLIENTS, startServer } from '../helpers/test-server.js';

const KEY = 'the+key/of=the%41login==';
const CODE = 'a1b2c3d4e5f6a1b2c3d4e5f6a1b2c3d4';
const clients = [...CLIENTS, { name: 'login', key: KEY, apps: [APP.appId], scopes: ['login', 'token:read'] }];
const secret = encodeURIComponent(KEY);
const login = `/sns/jscode2session?appid=${APP.appId}&js_code=${CODE}&grant_type=authorization_code`;

async function start(platform: string, apps: object[] = [APP, OTHER_APP]) {
  const server = await startServer({ platform, config: { clients, apps } });
  return (path: string) => request(server.url).get(path);
}

describe('the logins of WeChat, with a client key in place of the secret', () => {
  it('say who the user is', async () => {
    const platform = await startPlatform();
    const get = await start(platform.url);
    const answer = await get(`${login}&secret=${secret}`)
      .expect(200)
      .expect('cache-control', 'no-store')
      .expect('content-type', 'application/json; encoding=utf-8');
    expect(answer.body).toMatchObject({ openid: expect.any(String), session_key: expect.any(String) });
    const again = await get(`${login}&secret=${secret}`).expect(200);
    expect(again.body).toEqual({ errcode: 40163, errmsg: expect.stringMatching(/^code been used.* rid: /) });
  });

  it.each([
    ['no app id', `/sns/jscode2session?js_code=1&secret=${secret}`, 41002],
    ['no key', login, 41004],
    ['an unknown key', `${login}&secret=nobody`, 40125],
    ['the AppSecret', `${login}&secret=${APP.secret}`, 40125],
    ['a key of another app', `${login.replace(APP.appId, OTHER_APP.appId)}&secret=${secret}`, 40013],
    ['a key without the scope', `${login}&secret=the-key-of-the-reader`, 50004],
  ])('refuse %s in WeChat’s shape, without asking WeChat', async (_what, path, errcode) => {
    const upstream = await startRawUpstream((_request, response) => response.end('{}'));
    const get = await start(upstream.url);
    expect((await get(path).expect(200)).body.errcode).toBe(errcode);
    expect(upstream.seen).toEqual([]);
  });

  it('send on what WeChat needs and nothing else, and never show the secret', async () => {
    const upstream = await startRawUpstream(({ url }, response) =>
      response.end(JSON.stringify({ errcode: 40029, errmsg: `invalid code in ${url}` })),
    );
    const get = await start(upstream.url);
    const path = '/sns/oauth2/access_token?code=c%26d&grant_type=authorization_code&access_token=x&more=y';
    const answer = await get(`${path}&appid=${APP.appId}&secret=${secret}`).expect(200);
    expect(answer.body.errcode).toBe(40029);
    expect(answer.text).not.toContain(APP.secret);
    const asked = new URL(upstream.seen[0]?.url ?? '', upstream.url);
    expect([asked.pathname, Object.fromEntries(asked.searchParams)]).toEqual([
      '/sns/oauth2/access_token',
      { code: 'c&d', grant_type: 'authorization_code', appid: APP.appId, secret: APP.secret },
    ]);
  });

  it.each([
    ['/sns/oauth2/refresh_token', { appid: APP.appId, grant_type: 'refresh_token', refresh_token: 'r' }],
    ['/sns/userinfo', { access_token: 'of-the-user', openid: 'o', lang: 'zh_CN' }],
    ['/sns/auth', { access_token: 'of-the-user', openid: 'o' }],
  ])('pass %s on with the token of the user', async (path, query) => {
    const upstream = await startRawUpstream((_request, response) => response.end('{"openid":"o"}'));
    const get = await start(upstream.url);
    const answer = await get(`${path}?${new URLSearchParams(query)}&secret=x`).expect(200);
    expect(answer.body).toEqual({ openid: 'o' });
    const asked = new URL(upstream.seen[0]?.url ?? '', upstream.url);
    expect([asked.pathname, Object.fromEntries(asked.searchParams)]).toEqual([path, query]);
  });

  it('are read right in every compression, with a byte order mark and under any status', async () => {
    const upstream = await startRawUpstream(() => {});
    const get = await start(upstream.url);
    const text = '\ufeff{"openid":"o","session_key":"k"}';
    for (const [encoding, bytes] of [
      ['gzip', gzipSync(text)],
      ['br', brotliCompressSync(text)],
      ['deflate', deflateSync(text)],
      ['identity', Buffer.from(text)],
    ] as const) {
      upstream.answer = (_request, response) => {
        response.writeHead(500, { 'content-type': 'text/html', 'content-encoding': encoding }).end(bytes);
      };
      expect((await get(`${login}&secret=${secret}`)).body).toEqual({ openid: 'o', session_key: 'k' });
    }
  });

  it('answer -1 when WeChat cannot be reached', async () => {
    const upstream = await startRawUpstream(({ socket }) => socket.destroy());
    const get = await start(upstream.url);
    expect((await get(`${login}&secret=${secret}`).expect(200)).body.errcode).toBe(-1);
  });
});

describe('one base URL for everything', () => {
  it('answers every path that takes the AppSecret, or any token, in WeChat’s shape', async () => {
    const platform = await startPlatform();
    const server = await startServer({ platform: platform.url, config: { clients } });
    for (const [method, path] of [
      ['post', `/cgi-bin/clear_quota/v2?appid=${APP.appId}&appsecret=${APP.secret}`],
      ['post', '/cgi-bin/component/api_component_token'],
      ['get', '/sns/component/jscode2session?appid=wx1&access_token=x'],
      ['get', '/cgi-bin/user/info?openid=o'],
      ['post', '/wxa/msg_sec_check'],
      ['post', '/sns/jscode2session'],
      ['get', '/cgi-bin/stable_token'],
      ['get', '/cgi-bin/%zz'],
    ] as const) {
      const { status, body } = await request(server.url)[method](path).send();
      expect([path, status, Object.keys(body)]).toEqual([path, 200, ['errcode', 'errmsg']]);
      expect([40001, 40014, 42001]).not.toContain(body.errcode);
    }
  });

  it.each([
    ['escaped', secret],
    ['as it stands', KEY],
  ])('takes a key %s in the query', async (_how, given) => {
    const platform = await startPlatform();
    const { url } = await startServer({ platform: platform.url, config: { clients } });
    const { hostname, port } = new URL(url);
    const path = `/cgi-bin/token?grant_type=client_credential&appid=${APP.appId}&secret=${given}`;
    const sent = httpRequest({ hostname, port, path }).end();
    const [answer] = (await once(sent, 'response')) as [IncomingMessage];
    expect(JSON.parse(Buffer.concat(await answer.toArray()).toString())).toHaveProperty('access_token');
  });
});
