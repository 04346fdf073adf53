import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DEMO_APP, type Sandbox, startSandbox } from '../index.js';

let sandbox: Sandbox;
let token: string;
beforeEach(async () => {
  sandbox = await startSandbox({ port: 0 });
  const { appId } = DEMO_APP;
  token = sandbox.control.foreignRefresh({ appId, endpoint: 'stable_token' }).accessToken;
});
afterEach(() => sandbox.stop());

const get = async (path: string, query: Record<string, string> = {}) =>
  (await fetch(`${sandbox.url}${path}?${new URLSearchParams(query)}`)).json();

describe('an API that the sandbox does not know', () => {
  it('succeeds with a living token, and checks it', async () => {
    expect(await get('/cgi-bin/menu/get', { access_token: token })).toEqual({ errcode: 0, errmsg: 'ok' });
    expect(await get('/cgi-bin/menu/get', { access_token: 'x' })).toMatchObject({ errcode: 40001 });
    sandbox.control.advanceClock(7_200);
    expect(await get('/cgi-bin/menu/get', { access_token: token })).toMatchObject({ errcode: 42001 });
    expect(await get('/cgi-bin/menu/get')).toMatchObject({ errcode: 40066 });
  });

  it('answers what it was taught, faults and all, until that is forgotten', async () => {
    const path = '/cgi-bin/user/info';
    sandbox.control.teach({ path, answer: { subscribe: 1 } });
    sandbox.control.addFault({ kind: 'errcode', errcode: 45009, path });
    expect(await get(path, { access_token: token })).toMatchObject({ errcode: 45009 });
    expect(await get(path, { access_token: token })).toEqual({ subscribe: 1 });
    expect(await get(path)).toMatchObject({ errcode: 41001 });
    sandbox.control.teach({ path, answer: { open: true }, needsToken: false });
    expect(await get(path)).toEqual({ open: true });
    expect([sandbox.control.forget(path), sandbox.control.forget()]).toEqual([1, 0]);
    expect(await get(path, { access_token: token })).toEqual({ errcode: 0, errmsg: 'ok' });
  });
});

describe('a dressed answer', () => {
  it.each(['gzip', 'br', 'deflate'] as const)(
    'is compressed by %s, with a mark, under another status',
    async (encoding) => {
      const path = '/cgi-bin/getcallbackip';
      const dress = { encoding, byteOrderMark: true, status: 412, contentType: 'text/plain' } as const;
      sandbox.control.addFault({ kind: 'dressed', path, ...dress });
      const answer = await fetch(`${sandbox.url}${path}?access_token=${token}`);
      expect(answer.status).toBe(412);
      expect(answer.headers.get('content-type')).toBe('text/plain');
      const bytes = Buffer.from(await answer.arrayBuffer());
      expect(bytes.toString('utf8')).toMatch(/^\ufeff\{"ip_list"/);
      expect(() => gunzipSync(bytes)).toThrow();
    },
  );
});

describe('the web login of an official account', () => {
  it('turns a code into tokens that say who the user is, once', async () => {
    const { appId, secret } = DEMO_APP;
    const { code, openid } = sandbox.control.addLoginCode({ appId });
    const login = { appid: appId, secret, code, grant_type: 'authorization_code' };
    const user = (await get('/sns/oauth2/access_token', login)) as Record<string, string>;
    expect(user).toMatchObject({ openid, expires_in: 7_200 });
    expect(await get('/sns/oauth2/access_token', login)).toMatchObject({ errcode: 40163 });
    const mine = { access_token: user.access_token ?? '', openid };
    expect(await get('/sns/userinfo', mine)).toMatchObject({ openid, nickname: 'sandbox user' });
    expect(await get('/sns/auth', { ...mine, openid: 'other' })).toMatchObject({ errcode: 40003 });
    sandbox.control.advanceClock(7_200);
    expect(await get('/sns/auth', mine)).toMatchObject({ errcode: 42001 });
    const again = { appid: appId, grant_type: 'refresh_token', refresh_token: user.refresh_token ?? '' };
    const fresh = (await get('/sns/oauth2/refresh_token', again)) as Record<string, string>;
    expect(await get('/sns/auth', { access_token: fresh.access_token ?? '', openid })).toMatchObject({
      errcode: 0,
    });
    expect(await get('/sns/oauth2/refresh_token', { ...again, refresh_token: 'x' })).toMatchObject({
      errcode: 40030,
    });
  });
});
