import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { initWeixin, type WeixinOptions } from '@zhongkong/client-sdk';
import { cleanUp } from '../../helpers/clean-up.js';
import { eventually } from '../../helpers/eventually.js';
import { API_KEY, APP, startPlatform } from '../../helpers/fixtures.js';
import { startServer } from '../../helpers/test-server.js';
import { startWire, type Wire } from '../../helpers/wire.js';
import { OPENID, openBySecret, sentTo } from './open.js';

const PAGE = 'https://shop.example.com/page?a=1';
const TICKETS = `/v1/apps/${APP.appId}/tickets/jsapi`;
const TICKET_PATH = '/cgi-bin/ticket/getticket';

function open(options: WeixinOptions) {
  const weixin = initWeixin(options);
  cleanUp(() => weixin.close());
  return weixin;
}

async function openByServer(options: Partial<WeixinOptions> = {}, scopes = ['token:read', 'token:refresh']) {
  const platform = await startPlatform();
  const clients = [{ name: 'order-service', key: API_KEY, apps: [APP.appId], scopes }];
  const server = await startServer({ platform: platform.url, config: { apps: [APP], clients } });
  const wire = await startWire(server.url);
  const weixin = open({
    appId: APP.appId,
    tokenServer: { url: wire.url, apiKey: API_KEY },
    baseUrl: platform.url,
    updates: 'none',
    ...options,
  });
  return { platform, wire, weixin };
}

const signatureOf = (ticket: string, { nonceStr, timestamp }: { nonceStr: string; timestamp: number }) =>
  createHash('sha1')
    .update(`jsapi_ticket=${ticket}&noncestr=${nonceStr}&timestamp=${timestamp}&url=${PAGE}`)
    .digest('hex');

describe('initWeixin with a token that was given', () => {
  it('uses it as it is and never refreshes it', async () => {
    const platform = await startPlatform();
    const { accessToken } = platform.control.foreignRefresh({ appId: APP.appId, endpoint: 'stable_token' });
    const weixin = open({ appId: APP.appId, accessToken, baseUrl: platform.url });
    expect(await weixin.wxacode.get({ path: 'p' })).toMatchObject({ errCode: 0 });
    platform.control.revoke({ appId: APP.appId });
    await expect(weixin.wxacode.get({ path: 'p' })).rejects.toMatchObject({ errCode: 40001 });
    expect(platform.control.calls({ path: '/wxa/getwxacode' })).toHaveLength(2);
    await expect(weixin.auth.getAccessToken()).rejects.toThrow(/give initWeixin a tokenServer or a secret/);
    await expect(weixin.auth.code2Session('x')).rejects.toThrow(/give initWeixin a tokenServer or a secret/);
  });

  it('and a secret asks for tokens and sessions with the secret, and calls with the token', async () => {
    const { wire, weixin } = await openBySecret({ accessToken: 'given' });
    expect((await weixin.auth.getAccessToken()).accessToken).not.toBe('given');
    await expect(weixin.wxacode.get({ path: 'p' })).rejects.toMatchObject({ errCode: 40001 });
    expect(wire.sent.at(-1)?.accessToken).toBe('given');
  });

  it('at each call alone needs none of its own, and says what is missing', async () => {
    const platform = await startPlatform();
    const { accessToken } = platform.control.foreignRefresh({ appId: APP.appId, endpoint: 'token' });
    const weixin = open({ appId: APP.appId, baseUrl: platform.url });
    expect(await weixin.wxacode.get({ path: 'p', accessToken })).toMatchObject({ errCode: 0 });
    await expect(weixin.wxacode.get({ path: 'p' })).rejects.toThrow(/wxacode.get: there is no access token/);
  });
});

describe('initWeixin with a secret', () => {
  it('heals a dead token with one repetition', async () => {
    const opened = await openBySecret();
    await opened.weixin.auth.getAccessToken();
    opened.platform.control.revoke({ appId: APP.appId });
    expect(await opened.weixin.wxacode.get({ path: 'p' })).toMatchObject({ errCode: 0 });
    expect(sentTo(opened, '/wxa/getwxacode')).toHaveLength(2);
  });

  it('signs pages with a ticket of the platform, which it asks for once', async () => {
    const opened = await openBySecret();
    const all = await Promise.all(
      Array.from({ length: 50 }, () => opened.weixin.jssdk.config({ url: PAGE })),
    );
    const { ticket } = JSON.parse(await ticketOf(opened.platform.url, sentTo(opened, TICKET_PATH)));
    for (const config of all) expect(config.signature).toBe(signatureOf(ticket, config));
    expect(new Set(all.map(({ nonceStr }) => nonceStr)).size).toBe(50);
    expect(sentTo(opened, TICKET_PATH)).toHaveLength(1);
  });
});

/** Asks the platform for the same ticket with the same token. */
async function ticketOf(platform: string, [sent]: Wire['sent']): Promise<string> {
  const query = new URLSearchParams({ access_token: sent?.accessToken ?? '', type: 'jsapi' });
  return (await fetch(`${platform}${TICKET_PATH}?${query}`)).text();
}

describe('initWeixin with a token server', () => {
  it("signs pages with the server's ticket, never asking the platform itself", async () => {
    const { wire, weixin } = await openByServer();
    const config = await weixin.jssdk.config({
      url: `${PAGE}#part`,
      jsApiList: ['chooseImage'],
      openTagList: ['wx-open-launch-weapp'],
      debug: true,
    });
    const answer = await fetch(`${wire.url}${TICKETS}`, { headers: { authorization: `Bearer ${API_KEY}` } });
    const { ticket } = (await answer.json()) as { ticket: string };
    expect(config).toEqual({
      errCode: 0,
      errMsg: 'ok',
      appId: APP.appId,
      debug: true,
      jsApiList: ['chooseImage'],
      openTagList: ['wx-open-launch-weapp'],
      nonceStr: expect.any(String),
      timestamp: expect.any(Number),
      signature: signatureOf(ticket, config),
    });
    expect(Math.abs(config.timestamp - Date.now() / 1000)).toBeLessThan(5);
  });

  it('learns of a new ticket without keeping anybody waiting, and outlives the server', async () => {
    const { wire, weixin } = await openByServer();
    let version = 1;
    wire.answer = ({ path }) =>
      path === TICKETS
        ? { body: JSON.stringify({ ticket: `ticket-${version}`, expiresIn: 100, refreshIn: 0 }) }
        : undefined;
    const first = await weixin.jssdk.config({ url: PAGE });
    expect(first.signature).toBe(signatureOf('ticket-1', first));
    version = 2;
    await eventually('the new ticket', async () => {
      const config = await weixin.jssdk.config({ url: PAGE });
      return config.signature === signatureOf('ticket-2', config);
    });
    wire.answer = () => ({ status: 503, body: '{}' });
    const asked = wire.sent.length;
    // Long enough for the answer to come back many times over.
    for (let page = 0; page < 20; page += 1) {
      const config = await weixin.jssdk.config({ url: PAGE });
      expect(config.signature).toBe(signatureOf('ticket-2', config));
      await sleep(10);
    }
    // One question may have been on its way already.
    expect(wire.sent.length - asked).toBeLessThanOrEqual(2);
  });

  it('asks for the first ticket again while the server is being restarted, and for a session once', async () => {
    const { wire, weixin } = await openByServer();
    let refusals = 2;
    wire.answer = () => {
      refusals -= 1;
      return refusals < 0 ? undefined : { status: 503, body: 'starting' };
    };
    expect(await weixin.jssdk.config({ url: PAGE })).toMatchObject({ errCode: 0 });
    expect(wire.sent.filter(({ path }) => path === TICKETS)).toHaveLength(3);
    refusals = 1;
    await expect(weixin.auth.code2Session('the-code')).rejects.toMatchObject({ status: 503 });
    expect(wire.sent).toHaveLength(4);
  });

  it('ends a question that still waits when it is closed', async () => {
    const { wire, weixin } = await openByServer();
    wire.answer = () => {
      weixin.close().catch(() => {});
      return { status: 503, body: '' };
    };
    await expect(weixin.jssdk.config({ url: PAGE })).rejects.toMatchObject({ code: 'client_closed' });
  });

  it('throws when it can have no ticket, in the words of who refused', async () => {
    const { weixin } = await openByServer({ tokenServer: { url: 'http://127.0.0.1:9', apiKey: 'k' } });
    await expect(weixin.jssdk.config({ url: PAGE })).rejects.toMatchObject({
      name: 'TokenServerError',
      code: 'server_unreachable',
    });
  });

  it('has the server exchange a login code, since it holds no secret', async () => {
    const { platform, wire, weixin } = await openByServer({}, ['token:read', 'token:refresh', 'login']);
    const { code, openid } = platform.control.addLoginCode({ appId: APP.appId, openid: OPENID });
    const expected = { openid, sessionKey: expect.any(String), unionid: expect.any(String) };
    expect(await weixin.auth.code2Session(code)).toEqual({ errCode: 0, errMsg: 'ok', ...expected });
    const questions = wire.sent.filter(({ path }) => path.endsWith('/code2session'));
    expect(questions).toMatchObject([
      {
        method: 'POST',
        path: `/v1/apps/${APP.appId}/code2session`,
        body: Buffer.from(JSON.stringify({ jsCode: code })),
      },
    ]);
    await expect(weixin.auth.code2Session(code)).rejects.toMatchObject({
      name: 'WeixinError',
      errCode: 40163,
      method: 'auth.code2Session',
    });
  });

  it('whose key lacks the scope login says so', async () => {
    const { weixin } = await openByServer();
    const refused = weixin.auth.code2Session('a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6');
    await expect(refused).rejects.toMatchObject({ name: 'TokenServerError', code: 'forbidden' });
  });

  it.each([
    [
      'upstream_rejected',
      502,
      { errcode: 40029, errmsg: 'invalid code, rid: 6aac0063-7ed08fb9-1250f724' },
      {
        name: 'WeixinError',
        errCode: 40029,
        rid: '6aac0063-7ed08fb9-1250f724',
        method: 'auth.code2Session',
      },
    ],
    [
      'forbidden',
      403,
      { detail: 'no scope login' },
      { name: 'TokenServerError', code: 'forbidden', status: 403 },
    ],
  ])('tells a refused login code by who refused it: %s', async (code, status, rest, expected) => {
    const { wire, weixin } = await openByServer();
    wire.answer = () => ({
      status,
      headers: { 'content-type': 'application/problem+json' },
      body: JSON.stringify({ type: 'x', title: 'T', status, code, ...rest }),
    });
    const error = await weixin.auth.code2Session('the-code').catch((thrown: unknown) => thrown);
    expect(error).toMatchObject(expected);
    expect(wire.sent).toHaveLength(1);
    expect(JSON.stringify(error)).not.toContain('the-code');
  });

  it('takes what is no session for no answer of a token server', async () => {
    const { wire, weixin } = await openByServer();
    wire.answer = () => ({ body: '{"openid":1}' });
    await expect(weixin.auth.code2Session('the-code')).rejects.toMatchObject({ code: 'server_garbage' });
  });
});

describe('initWeixin', () => {
  it.each([
    [undefined, 'give it its options'],
    [{}, 'the option appId must be'],
    [{ appId: 'wx', secret: '' }, 'the option secret must be'],
    [{ appId: 'wx', tokenServer: { url: 'http://x' } }, 'the option tokenServer.apiKey must be'],
    [
      { appId: 'wx', tokenServer: { url: 'x:7200', apiKey: 'k' } },
      'the option tokenServer.url must begin with',
    ],
    [
      { appId: 'wx', tokenServer: { url: 'http://x', apiKey: 'k' }, secret: 's' },
      'neither secret nor accessToken',
    ],
    [{ appId: 'wx', baseUrl: 'api.weixin.qq.com' }, 'the option baseUrl must begin with'],
    [{ appId: 'wx', timeoutMs: 0 }, 'the option timeoutMs must be'],
  ])('says at once what is wrong with %j', (options, complaint) => {
    expect(() => initWeixin(options as never)).toThrow(TypeError);
    expect(() => initWeixin(options as never)).toThrow(complaint);
  });
});
