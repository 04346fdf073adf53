import { createReadStream, type ReadStream, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { createTokenClient } from '@zhongkong/client-sdk';
import { withAccessToken as adaptCoWechatApi } from '@zhongkong/client-sdk/co-wechat-api';
import { withAccessToken as adaptEasyWechat } from '@zhongkong/client-sdk/node-easywechat';
import CoWechatApi from 'co-wechat-api';
import { FormData, MiniApp, OfficialAccount } from 'node-easywechat';
import { cleanUp } from '../helpers/clean-up.js';
import { API_KEY, APP, startPlatform } from '../helpers/fixtures.js';
import { PNG } from '../helpers/images.js';
import { startRelay } from '../helpers/relay.js';
import { tempFolder } from '../helpers/temp-folder.js';
import { startServer } from '../helpers/test-server.js';

async function start() {
  const platform = await startPlatform();
  const server = await startServer({ platform: platform.url, config: { apps: [APP] } });
  const relay = await startRelay(server.url);
  const tokens = createTokenClient({ server: relay.url, apiKey: API_KEY, appId: APP.appId, updates: 'none' });
  cleanUp(() => tokens.close());
  const current = await tokens.getAccessToken();
  const errcodes = (path: string) => platform.control.calls({ path }).map(({ errcode }) => errcode);
  const reports = () => relay.requests.filter((line) => line.startsWith('POST')).length;
  return { platform, tokens, current, errcodes, reports };
}

async function startCo() {
  const world = await start();
  const api = adaptCoWechatApi(new CoWechatApi(APP.appId, 'no secret'), world.tokens);
  api.prefix = `${world.platform.url}/cgi-bin/`;
  api.wxaPrefix = `${world.platform.url}/wxa/`;
  return { ...world, api };
}

async function startEasy(http = {}) {
  const world = await start();
  const config = { app_id: APP.appId, secret: 'no secret', http: { baseURL: world.platform.url, ...http } };
  const app = adaptEasyWechat(new OfficialAccount(config), world.tokens);
  return { ...world, config, app, client: app.getClient() };
}

const CLEAR_QUOTA = '/cgi-bin/clear_quota';
const UPLOAD = '/cgi-bin/media/upload';

describe('co-wechat-api with our token', () => {
  it('calls with it, and asks the platform for none', async () => {
    const { platform, api } = await startCo();
    expect(await api.getIp()).toHaveProperty('ip_list');
    const { tokensIssued } = platform.control.counters(APP.appId);
    expect(tokensIssued.token + tokensIssued.stable).toBe(1);
  });

  it('heals a dead one with one report and one repetition', async () => {
    const { platform, api, errcodes, reports } = await startCo();
    platform.control.revoke({ appId: APP.appId });
    await api.request(
      `${api.prefix}clear_quota?access_token=${(await api.ensureAccessToken()).accessToken}`,
      {
        method: 'POST',
        data: JSON.stringify({ appid: APP.appId }),
        headers: { 'content-type': 'application/json' },
      },
    );
    expect(errcodes(CLEAR_QUOTA)).toEqual([40001, 0]);
    expect(reports()).toBe(1);
  });

  it('heals a call that gets an image, too', async () => {
    const { platform, api, errcodes } = await startCo();
    platform.control.revoke({ appId: APP.appId });
    expect(Buffer.isBuffer(await api.getWXACodeUnlimit('id=1', 'pages/index/index'))).toBe(true);
    expect(errcodes('/wxa/getwxacodeunlimit')).toEqual([40001, 0]);
  });

  it.each([40001, 42001])('never repeats more than once, though it itself would: %d', async (errcode) => {
    const { platform, api, errcodes } = await startCo();
    platform.control.addFault({ kind: 'errcode', errcode, path: '/cgi-bin/getcallbackip', times: 'forever' });
    await expect(api.getIp()).rejects.toMatchObject({ name: 'WeChatAPIError', code: errcode });
    expect(errcodes('/cgi-bin/getcallbackip')).toEqual([errcode, errcode]);
  });

  it('does not repeat an upload from a file, and says so', async () => {
    const { platform, api, errcodes } = await startCo();
    const file = join(tempFolder(), 'pixel.png');
    writeFileSync(file, PNG);
    platform.control.revoke({ appId: APP.appId });
    await expect(api.uploadMedia(file, 'image')).rejects.toThrow('cannot be sent twice');
    expect(errcodes(UPLOAD)).toEqual([40001]);
    expect(await api.uploadMedia(file, 'image')).toHaveProperty('media_id');
  });

  it('shows no token in an error', async () => {
    const { platform, api, current } = await startCo();
    platform.control.addFault({ kind: 'status', status: 500, path: '/cgi-bin/getcallbackip' });
    const error = await api.getIp().catch((thrown: unknown) => thrown);
    expect(String((error as Error).stack)).toContain('status code: 500');
    expect(String((error as Error).stack)).not.toContain(current);
  });
});

describe('node-easywechat with our token', () => {
  it('calls with it, and asks the platform for none', async () => {
    const { platform, client } = await startEasy();
    expect((await client.get('/cgi-bin/getcallbackip')).toObject()).toHaveProperty('ip_list');
    const { tokensIssued } = platform.control.counters(APP.appId);
    expect(tokensIssued.token + tokensIssued.stable).toBe(1);
  });

  it('heals a dead one with one report and one repetition, body and all', async () => {
    const { platform, client, errcodes, reports } = await startEasy();
    platform.control.revoke({ appId: APP.appId });
    const answer = await client.post(CLEAR_QUOTA, { json: { appid: APP.appId } } as never);
    expect(answer.toObject()).toMatchObject({ errcode: 0 });
    expect(errcodes(CLEAR_QUOTA)).toEqual([40001, 0]);
    expect(reports()).toBe(1);
  });

  it('heals the upload of a buffer; that of a stream is not repeated, and says so', async () => {
    const { platform, client, errcodes } = await startEasy();
    const upload = (media: Buffer | ReadStream) => {
      const form = new FormData();
      form.append('media', media, { filename: 'pixel.png', contentType: 'image/png' });
      return client.post(UPLOAD, { params: { type: 'image' }, formData: form } as never);
    };
    platform.control.revoke({ appId: APP.appId });
    expect((await upload(PNG)).toObject()).toHaveProperty('media_id');
    expect(errcodes(UPLOAD)).toEqual([40001, 0]);

    const file = join(tempFolder(), 'pixel.png');
    writeFileSync(file, PNG);
    platform.control.revoke({ appId: APP.appId });
    await expect(upload(createReadStream(file))).rejects.toThrow('cannot be sent twice');
    expect(errcodes(UPLOAD)).toEqual([40001, 0, 40001]);
  });

  it('switches its own retry off', async () => {
    const { platform, client } = await startEasy({ retry: { retries: 5, retryCondition: () => true } });
    platform.control.addFault({ kind: 'reset', path: CLEAR_QUOTA, times: 'forever' });
    await expect(client.post(CLEAR_QUOTA, { json: { appid: APP.appId } } as never)).rejects.toThrow();
    expect(platform.control.calls({ path: CLEAR_QUOTA })).toHaveLength(1);
  });

  it('takes over an application whose client was made before, of a mini app too', async () => {
    const { platform, config, tokens } = await startEasy();
    const app = new MiniApp(config);
    app.getClient();
    adaptEasyWechat(app, tokens);
    expect((await app.getClient().get('/cgi-bin/getcallbackip')).toObject()).toHaveProperty('ip_list');
    expect(platform.control.counters(APP.appId).tokensIssued.token).toBe(0);
  });

  it('shows no token in an error', async () => {
    const { platform, client, current } = await startEasy();
    platform.control.addFault({ kind: 'reset', path: '/cgi-bin/getcallbackip' });
    const error = (await client.get('/cgi-bin/getcallbackip').catch((thrown: unknown) => thrown)) as Error;
    expect(error).toBeInstanceOf(Error);
    expect(JSON.stringify(error) + error.stack).not.toContain(current);
  });
});
