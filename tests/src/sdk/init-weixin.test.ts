import { describe, expect, it } from '@jest/globals';
import { initWeixin, TokenServerError, WeixinError } from '@zhongkong/client-sdk';
import { cleanUp } from '../helpers/clean-up.js';
import { API_KEY, APP, startPlatform } from '../helpers/fixtures.js';
import { startServer } from '../helpers/test-server.js';

async function start(options: { throwOnError?: boolean; apiKey?: string; timeoutMs?: number } = {}) {
  const platform = await startPlatform();
  const server = await startServer({ platform: platform.url, config: { apps: [APP] } });
  const { apiKey = API_KEY, ...rest } = options;
  const weixin = initWeixin({
    appId: APP.appId,
    tokenServer: { url: server.url, apiKey },
    baseUrl: platform.url,
    ...rest,
  });
  cleanUp(() => weixin.close());
  return { platform, weixin };
}

describe('initWeixin', () => {
  it('auth.getAccessToken gives the token and what is left of its life', async () => {
    const { platform, weixin } = await start();
    const { accessToken, expiresIn, errCode, errMsg } = await weixin.auth.getAccessToken();
    expect(platform.control.checkToken(APP.appId, accessToken)).toBe(0);
    expect(expiresIn).toBeGreaterThan(7190);
    expect({ errCode, errMsg }).toEqual({ errCode: 0, errMsg: 'ok' });
  });

  it('request speaks camelCase both ways at every depth, and leaves the data of templates alone', async () => {
    const { platform, weixin } = await start();
    const json = {
      touser: 'o6zAJs1234567890123456789012',
      templateId: 'template-1',
      miniprogramState: 'trial',
      data: { thing1: { value: '中文 <&>' }, myField: { value: 'x' } },
    };
    const before = structuredClone(json);
    await weixin.request({ method: 'POST', path: '/cgi-bin/message/subscribe/send', json }).catch(() => {});
    expect(platform.control.calls({ path: '/cgi-bin/message/subscribe/send' })[0]?.body).toEqual({
      touser: json.touser,
      template_id: 'template-1',
      miniprogram_state: 'trial',
      data: json.data,
    });
    expect(json).toEqual(before);
    expect(await weixin.request({ path: '/cgi-bin/getcallbackip' })).toEqual({
      errCode: 0,
      errMsg: 'ok',
      ipList: expect.any(Array),
    });
  });

  it('request gives an image as a buffer with its type, and a fault in its place as an error', async () => {
    const { weixin } = await start();
    const path = '/wxa/getwxacodeunlimit';
    const code = await weixin.request({ method: 'POST', path, json: { scene: 'id=1' } });
    expect(code).toMatchObject({ errCode: 0, contentType: expect.stringMatching(/^image\//) });
    expect(Buffer.isBuffer(code.buffer)).toBe(true);
    await expect(weixin.request({ method: 'POST', path, json: { scene: '' } })).rejects.toBeInstanceOf(
      WeixinError,
    );
  });

  it('throws a fault with everything that is known of it', async () => {
    const { platform, weixin } = await start();
    platform.control.addFault({ kind: 'errcode', errcode: 45011, path: '/cgi-bin/getcallbackip' });
    const error = await weixin.request({ path: '/cgi-bin/getcallbackip' }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(WeixinError);
    expect(error).toMatchObject({
      name: 'WeixinError',
      errCode: 45011,
      rid: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}$/),
      method: '/cgi-bin/getcallbackip',
      retryable: true,
      message: expect.stringMatching(/^errCode: 45011 \| errMsg: api minute-quota/),
    });
  });

  it('tells a platform that does not answer as errCode -1, without a token in the message', async () => {
    const { platform, weixin } = await start();
    const { accessToken } = await weixin.auth.getAccessToken();
    platform.control.addFault({ kind: 'reset', path: '/cgi-bin/getcallbackip', times: 'forever' });
    const error = (await weixin
      .request({ path: '/cgi-bin/getcallbackip' })
      .catch((thrown: unknown) => thrown)) as WeixinError;
    expect(error).toMatchObject({ name: 'WeixinError', errCode: -1, retryable: true });
    expect(`${error.message}${error.stack}${String(error.cause)}`).not.toContain(accessToken);
  });

  it('returns faults in place of throwing them when the option says so', async () => {
    const { platform, weixin } = await start({ throwOnError: false });
    platform.control.addFault({
      kind: 'errcode',
      errcode: 48001,
      errmsg: 'api unauthorized',
      path: '/cgi-bin/getcallbackip',
    });
    const path = '/cgi-bin/getcallbackip';
    expect(await weixin.request({ path })).toEqual({ errCode: 48001, errMsg: 'api unauthorized' });
    const stranger = await start({ throwOnError: false, apiKey: 'wrong' });
    expect(await stranger.weixin.request({ path })).toMatchObject({
      errCode: -1,
      errMsg: expect.stringMatching(/unauthorized/),
    });
  });

  it('throws the fault of the token server as such', async () => {
    const { weixin } = await start({ apiKey: 'wrong' });
    await expect(weixin.auth.getAccessToken()).rejects.toBeInstanceOf(TokenServerError);
    await expect(weixin.request({ path: '/cgi-bin/getcallbackip' })).rejects.toBeInstanceOf(TokenServerError);
  });

  it("uses a call's own token and never refreshes it", async () => {
    const { platform, weixin } = await start();
    const request = { path: '/cgi-bin/getcallbackip', accessToken: 'my-own' };
    await expect(weixin.request(request)).rejects.toMatchObject({ errCode: 40001 });
    expect(platform.control.calls({ path: '/cgi-bin/getcallbackip' }).map(({ token }) => token)).toEqual([
      'my-own',
    ]);
    expect(platform.control.counters(APP.appId).verifications).toBe(0);
  });
});
