import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { eventually } from '../helpers/eventually.js';
import { API_KEY, APP, OTHER_APP, startPlatform } from '../helpers/fixtures.js';
import { CLIENTS, startServer } from '../helpers/test-server.js';

const clients = [
  ...CLIENTS,
  { name: 'sdk-1', key: 'key-1', apps: [APP.appId], scopes: ['token:read'] },
  { name: 'sdk-2', key: 'key-2', apps: [APP.appId], scopes: ['token:read'] },
  { name: 'no-reader', key: 'key-3', apps: ['*'], scopes: ['token:refresh'] },
];

/** Of an answer in the platform's form. */
interface Body {
  readonly errcode?: number;
  readonly errmsg?: string;
  readonly access_token: string;
  readonly expires_in: number;
  readonly ticket?: string;
}

async function start(config: Record<string, unknown> = {}) {
  const platform = await startPlatform();
  const server = await startServer({ platform: platform.url, config: { clients, ...config } });
  const ask = async (path: string, init: RequestInit = {}) => {
    const answer = await fetch(`${server.url}${path}`, init);
    return { status: answer.status, headers: answer.headers, body: (await answer.json()) as Body };
  };
  const query = (extra: Record<string, string> = {}) =>
    new URLSearchParams({ grant_type: 'client_credential', appid: APP.appId, secret: API_KEY, ...extra });
  const classic = async (extra: Record<string, string> = {}) =>
    (await ask(`/cgi-bin/token?${query(extra)}`)).body;
  const stable = async (extra: object = {}) => {
    const body = JSON.stringify({ ...Object.fromEntries(query()), ...extra });
    return (await ask('/cgi-bin/stable_token', { method: 'POST', body })).body;
  };
  const issued = () => platform.control.counters(APP.appId).tokensIssued.stable;
  const verified = () => platform.control.counters(APP.appId).verifications;
  return { platform, server, ask, query, classic, stable, issued, verified };
}

describe('the drop-in paths', () => {
  it('give the current token in the platform’s own form to whoever gives a client key as the secret', async () => {
    const { ask, query, stable, platform } = await start();
    const { status, headers, body } = await ask(`/cgi-bin/token?${query()}`);
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('application/json; encoding=utf-8');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(Object.keys(body)).toEqual(['access_token', 'expires_in']);
    expect(platform.control.checkToken(APP.appId, body.access_token)).toBe(0);
    expect((await ask(`/cgi-bin/token?${query({ secret: 'key-1' })}`, { method: 'POST' })).body).toEqual(
      body,
    );
    expect(await stable({ secret: 'key-2' })).toEqual(body);
  });

  it('tell a life that ends before a replaced token dies, as it is configured, and never more than is left', async () => {
    const { classic } = await start();
    expect((await classic()).expires_in).toBe(240);
    const short = await start({ policy: { dropInMaxExpiresIn: 100 } });
    expect((await short.classic()).expires_in).toBe(100);
    const own = await start({ apps: [{ ...APP, policy: { dropInMaxExpiresIn: 7200 } }, OTHER_APP] });
    expect((await own.classic()).expires_in).toBeGreaterThan(7190);
  });

  it('cost no call of the platform while the token lives', async () => {
    const { classic, stable, platform } = await start();
    await classic();
    const before = platform.control.calls({}).length;
    await Promise.all(['key-1', 'key-2', 'the-key-of-the-reader'].map((secret) => classic({ secret })));
    await sleep(5_100);
    await stable();
    expect(platform.control.calls({})).toHaveLength(before);
  });

  it.each([
    ['comes back right after it got the token', {}],
    ['names the token that it has', { current_token: 'it' }],
    ['asks by force', { force_refresh: true }],
  ])('heal a dead token when an SDK %s', async (_what, extra) => {
    const { platform, stable, issued } = await start();
    const { access_token: dead } = await stable({ secret: 'key-1' });
    platform.control.revoke({ appId: APP.appId });
    const secret = 'current_token' in extra || 'force_refresh' in extra ? 'key-2' : 'key-1';
    const asked = 'current_token' in extra ? { secret, current_token: dead } : { secret, ...extra };
    const healed = await stable(asked);
    expect(healed.access_token).not.toBe(dead);
    expect(platform.control.checkToken(APP.appId, healed.access_token)).toBe(0);
    expect(issued()).toBe(2);
  });

  it('give the same token again, after a check, to an SDK whose hint was wrong, and check less and less often', async () => {
    const { stable, issued, verified } = await start();
    const { access_token: token } = await stable();
    for (let round = 0; round < 10; round += 1)
      expect((await stable({ force_refresh: true })).access_token).toBe(token);
    expect(issued()).toBe(1);
    expect(verified()).toBeGreaterThanOrEqual(1);
    expect(verified()).toBeLessThan(5);
  });

  it('give the current token at once to an SDK that names an older one', async () => {
    const { classic, verified } = await start();
    const { access_token: token } = await classic();
    expect((await classic({ current_token: 'an-older-one', secret: 'key-1' })).access_token).toBe(token);
    expect(verified()).toBe(0);
  });

  it.each([
    ['without an app', { appid: '' }, 41002],
    ['with another grant type', { grant_type: 'password' }, 40002],
    ['without a key', { secret: '' }, 41004],
    ['with an unknown key', { secret: 'nobody' }, 40125],
    ['with the app’s own secret', { secret: APP.secret }, 40125],
    ['with a key for another app', { appid: OTHER_APP.appId }, 40125],
    ['for an app that is not there, with an unknown key', { appid: 'wx1', secret: 'nobody' }, 40125],
    ['for an app that is not there', { appid: 'wx1', secret: 'the-key-of-the-reader' }, 40013],
    ['with a key without token:read', { secret: 'key-3' }, 48001],
  ])('answer as the platform would %s', async (_what, extra, errcode) => {
    const { ask, query, stable } = await start();
    const { status, headers, body } = await ask(`/cgi-bin/token?${query(extra)}`);
    expect([status, body.errcode]).toEqual([200, errcode]);
    expect(body.errmsg).toMatch(/^[a-z_ ]+ rid: [0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}$/);
    expect(headers.get('content-type')).toBe('application/json; encoding=utf-8');
    expect((await stable(extra)).errcode).toBe(errcode);
  });

  it.each([
    ['/cgi-bin/stable_token', { method: 'GET' }, 43002],
    ['/cgi-bin/token', { method: 'DELETE' }, 43001],
    ['/cgi-bin/stable_token', { method: 'POST' }, 44002],
    ['/cgi-bin/stable_token', { method: 'POST', body: 'grant_type=client_credential' }, 47001],
    ['/cgi-bin/stable_token', { method: 'POST', body: '[]' }, 47001],
    ['/cgi-bin/getcallbackip?access_token=x', {}, 40066],
    ['/cgi-bin/ticket/getticket?type=jsapi', {}, 41001],
    ['/cgi-bin/ticket/getticket?type=jsapi&access_token=x', {}, 40001],
  ])('%s %j is %d', async (path, init, errcode) => {
    const { ask } = await start();
    const { status, body } = await ask(path, init);
    expect([status, body.errcode]).toEqual([200, errcode]);
  });

  it('pass on why the platform gives no token', async () => {
    const platform = await startPlatform();
    platform.control.setWhitelist(APP.appId, ['203.0.113.9']);
    const server = await startServer({ platform: platform.url });
    const query = `grant_type=client_credential&appid=${APP.appId}&secret=${API_KEY}`;
    const answer = await fetch(`${server.url}/cgi-bin/token?${query}`);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({
      errcode: 40164,
      errmsg: expect.stringContaining('not in whitelist'),
    });
  });

  it('say that the system is busy while the platform cannot be reached', async () => {
    const server = await startServer({ platform: 'http://127.0.0.1:9' });
    const query = `grant_type=client_credential&appid=${APP.appId}&secret=${API_KEY}`;
    expect(await (await fetch(`${server.url}/cgi-bin/token?${query}`)).json()).toMatchObject({ errcode: -1 });
  });
});

describe('GET /cgi-bin/ticket/getticket', () => {
  it('gives the ticket of the app whose token is shown, also a token that was replaced a moment ago', async () => {
    const { ask, stable, platform } = await start();
    const { access_token: first } = await stable({ secret: 'key-1' });
    const ticket = (token: string, type = 'jsapi') =>
      ask(`/cgi-bin/ticket/getticket?access_token=${token}&type=${type}`).then(({ body }) => body);
    const given = await ticket(first);
    expect(given).toEqual({ errcode: 0, errmsg: 'ok', ticket: expect.any(String), expires_in: 240 });
    platform.control.revoke({ appId: APP.appId });
    const { access_token: second } = await stable({ secret: 'key-1' });
    expect(second).not.toBe(first);
    expect(await eventually('the same ticket', () => ticket(second))).toEqual(given);
    expect(await ticket(first)).toEqual(given);
    expect((await ticket(second, 'wx_card')).ticket).not.toBe(given.ticket);
    expect((await ticket(second, '2')).errcode).toBe(40097);
  });
});
