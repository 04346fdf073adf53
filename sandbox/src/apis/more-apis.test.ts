import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createTestClient, OPENID } from '../testing/test-client.js';

const client = createTestClient();
beforeEach(client.start);
afterEach(client.stop);

const post = async (path: string, body: unknown) => (await client.post(path, body, client.auth())).json;

describe('POST /cgi-bin/message/subscribe/send', () => {
  const message = { touser: OPENID, template_id: 'T1', data: { thing1: { value: '已发货' } } };
  const send = (part: object = {}) => post('/cgi-bin/message/subscribe/send', { ...message, ...part });

  it('sends', async () => {
    expect(await send()).toEqual({ errcode: 0, errmsg: 'ok' });
  });

  it('checks user, template and data', async () => {
    expect((await send({ touser: 'nobody' })).errcode).toBe(40003);
    expect((await send({ template_id: '' })).errcode).toBe(40037);
    expect((await send({ data: { thing1: '已发货' } })).errcode).toBe(47003);
  });
});

describe('POST /wxa/msg_sec_check', () => {
  const check = (body: object) => post('/wxa/msg_sec_check', body);
  const v2 = { version: 2, scene: 1, openid: OPENID };

  it('gives its verdict in result with version 2', async () => {
    expect(await check({ ...v2, content: '你好' })).toMatchObject({
      errcode: 0,
      result: { suggest: 'pass', label: 100 },
    });
    expect(await check({ ...v2, content: 'sandbox-risky' })).toMatchObject({
      errcode: 0,
      result: { suggest: 'risky' },
    });
    expect((await check({ ...v2, content: 'a', openid: '' })).errcode).toBe(40003);
  });

  it('gives it as errcode without', async () => {
    expect(await check({ content: '你好' })).toEqual({ errcode: 0, errmsg: 'ok' });
    expect((await check({ content: 'sandbox-risky' })).errcode).toBe(87014);
    expect((await check({})).errcode).toBe(47001);
  });
});

describe('POST /wxa/media_check_async', () => {
  it('answers a trace id', async () => {
    const body = { media_url: 'https://a.cn/b.png', media_type: 2 };
    expect(await post('/wxa/media_check_async', body)).toMatchObject({
      errcode: 0,
      trace_id: expect.any(String),
    });
    expect((await post('/wxa/media_check_async', { ...body, media_type: 3 })).errcode).toBe(47001);
  });
});

describe('POST /wxa/generatescheme', () => {
  it('answers a link', async () => {
    const body = { jump_wxa: { path: 'pages/index', query: 'a=1', env_version: 'release' } };
    expect(await post('/wxa/generatescheme', body)).toMatchObject({
      openlink: expect.stringMatching(/^weixin:\/\/dl\/business\/\?t=[\w-]{11}$/),
    });
    expect((await post('/wxa/generatescheme', { jump_wxa: { env_version: 'x' } })).errcode).toBe(40097);
    expect((await post('/wxa/generatescheme', { jump_wxa: 'pages/index' })).errcode).toBe(47001);
  });
});

describe('POST /wxa/generate_urllink', () => {
  it('answers a link', async () => {
    expect(await post('/wxa/generate_urllink', { path: 'pages/index' })).toMatchObject({
      url_link: expect.stringMatching(/^https:\/\/wxaurl\.cn\/[\w-]{11}$/),
    });
  });
});
