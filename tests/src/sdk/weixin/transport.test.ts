import { inspect } from 'node:util';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { initWeixin, type WeixinError, type WeixinOptions } from '@zhongkong/client-sdk';
import { cleanUp } from '../../helpers/clean-up.js';
import { APP } from '../../helpers/fixtures.js';
import { PNG } from '../../helpers/images.js';
import { startWire, type Wire, type WireAnswer } from '../../helpers/wire.js';
import { openBySecret, sentTo } from './open.js';

const PATH = '/cgi-bin/getcallbackip';
const IP_LIST = '{"ip_list":["1","中"]}';
const JSON_TYPE = { 'content-type': 'application/json; encoding=utf-8' };

/** Straight at a wire, with a token of our own, so that nothing but the call is sent. */
async function openGiven(options: Partial<WeixinOptions> = {}) {
  const wire = await startWire('http://127.0.0.1:9');
  const weixin = initWeixin({
    appId: APP.appId,
    accessToken: 'a-secret-token/+',
    baseUrl: wire.url,
    ...options,
  });
  cleanUp(() => weixin.close());
  return { wire, weixin };
}

const faultOf = (promise: Promise<unknown>) => promise.catch((error: unknown) => error as WeixinError);

describe('a call of the platform', () => {
  it('follows no redirect, which would carry the token to a stranger', async () => {
    const { wire, weixin } = await openGiven();
    const stranger = await startWire('http://127.0.0.1:9');
    wire.answer = () => ({ status: 302, headers: { location: `${stranger.url}/` }, body: '' });
    await expect(weixin.request({ path: PATH })).rejects.toMatchObject({
      name: 'WeixinError',
      errCode: -1,
      errMsg: 'WeChat did not answer: HTTP 302',
    });
    expect(stranger.sent).toEqual([]);
  });

  it('keeps the query that stands in the path beside the one in the option, which wins', async () => {
    const { wire, weixin } = await openGiven();
    wire.answer = () => ({ body: '{}' });
    await weixin.request({ path: `${PATH}?own_name=a+b&lang=en#part`, query: { lang: 'zh', pageSize: 2 } });
    expect(wire.sent).toMatchObject([
      { path: PATH, query: { own_name: 'a b', lang: 'zh', page_size: '2' }, accessToken: 'a-secret-token/+' },
    ]);
  });

  it("takes a token that stands in the path for the call's own", async () => {
    const opened = await openBySecret();
    const fault = opened.weixin.request({ path: `${PATH}?access_token=mine` });
    await expect(fault).rejects.toMatchObject({ errCode: 40001, method: PATH });
    expect(opened.wire.sent.map(({ accessToken }) => accessToken)).toEqual(['mine']);
  });

  it.each<[string, WireAnswer, string]>([
    ['an empty answer', { headers: JSON_TYPE, body: '' }, 'the answer is empty'],
    ['an empty image', { headers: { 'content-type': 'image/jpeg' }, body: '' }, 'the answer is empty'],
    [
      'torn JSON',
      { headers: JSON_TYPE, body: '{"ip_list":["1.2' },
      'the answer is not a JSON object, HTTP 200 (application/json; encoding=utf-8)',
    ],
    [
      'a list',
      { headers: JSON_TYPE, body: '[]' },
      'the answer is not a JSON object, HTTP 200 (application/json; encoding=utf-8)',
    ],
    [
      'a page of HTML',
      { headers: { 'content-type': 'text/html' }, body: '<html>' },
      'an HTML page of a gateway came, HTTP 200 (text/html)',
    ],
    [
      'a page of no type',
      { headers: {}, body: '\n<!DOCTYPE html>' },
      'an HTML page of a gateway came, HTTP 200',
    ],
    [
      'a page under the type of an image',
      { headers: { 'content-type': 'image/jpeg' }, body: '<html>' },
      'an HTML page of a gateway came, HTTP 200 (image/jpeg)',
    ],
    [
      'a gateway that cannot',
      { status: 502, headers: { 'content-type': 'text/html' }, body: '<h1>' },
      'an HTML page of a gateway came, HTTP 502 (text/html)',
    ],
    ['a status without words', { status: 500, headers: {}, body: '' }, 'HTTP 500'],
  ])('takes %s for no answer: errCode -1', async (_name, answer, reason) => {
    const { wire, weixin } = await openGiven();
    wire.answer = () => answer;
    const error = await faultOf(weixin.request({ path: PATH }));
    expect(error).toMatchObject({ name: 'WeixinError', errCode: -1, retryable: true, method: PATH });
    expect((error as WeixinError).errMsg).toBe(`WeChat did not answer: ${reason}`);
  });

  it.each<[string, WireAnswer]>([
    ['gzip', { headers: { 'content-encoding': 'gzip' }, body: gzipSync(IP_LIST) }],
    ['x-gzip', { headers: { 'content-encoding': 'x-gzip' }, body: gzipSync(IP_LIST) }],
    ['br', { headers: { 'content-encoding': 'br' }, body: brotliCompressSync(IP_LIST) }],
    ['deflate', { headers: { 'content-encoding': 'deflate' }, body: deflateSync(IP_LIST) }],
    ['bare deflate', { headers: { 'content-encoding': 'deflate' }, body: deflateRawSync(IP_LIST) }],
    [
      'deflate, then gzip',
      { headers: { 'content-encoding': 'deflate, gzip' }, body: gzipSync(deflateSync(IP_LIST)) },
    ],
    ['with a byte order mark', { body: `\ufeff${IP_LIST}` }],
    ['as text/plain', { headers: { 'content-type': 'text/plain' }, body: IP_LIST }],
    [
      'under a charset that it has not',
      { headers: { 'content-type': 'application/json; charset=gbk' }, body: IP_LIST },
    ],
    [
      'under a charset that nobody has',
      { headers: { 'content-type': 'text/json; charset=utf-88' }, body: IP_LIST },
    ],
    ['under the status 201', { status: 201, body: IP_LIST }],
    ['after white space', { body: `\r\n ${IP_LIST}` }],
  ])('reads JSON %s', async (_name, answer) => {
    const { wire, weixin } = await openGiven();
    wire.answer = () => answer;
    const expected = { errCode: 0, errMsg: 'ok', ipList: ['1', '中'] };
    expect(await weixin.request({ path: PATH })).toEqual(expected);
  });

  it.each([
    ['gzip', gzipSync],
    ['br', brotliCompressSync],
    ['deflate', deflateSync],
  ] as const)('heals a dead token whose fault comes in %s', async (encoding, compress) => {
    const opened = await openBySecret();
    await opened.weixin.auth.getAccessToken();
    let isFirst = true;
    opened.wire.answer = ({ path }) => {
      if (path !== PATH || !isFirst) return undefined;
      isFirst = false;
      const headers = { 'content-encoding': encoding };
      return { headers, body: compress('{"errcode":40001,"errmsg":"invalid credential"}') };
    };
    expect(await opened.weixin.request({ path: PATH })).toMatchObject({ errCode: 0 });
    expect(sentTo(opened, PATH)).toHaveLength(2);
  });

  it.each([400, 401, 403, 404, 412, 500, 502])('reads a fault under the status %d', async (status) => {
    const { wire, weixin } = await openGiven();
    wire.answer = () => ({ status, body: '{"errcode":48001,"errmsg":"api unauthorized"}' });
    await expect(weixin.request({ method: 'POST', path: PATH })).rejects.toMatchObject({ errCode: 48001 });
  });

  it('says so when a body is not compressed as its header says', async () => {
    const { wire, weixin } = await openGiven();
    wire.answer = () => ({ headers: { 'content-encoding': 'gzip' }, body: '{"ip_list":[]}' });
    await expect(weixin.request({ path: PATH })).rejects.toMatchObject({
      errCode: -1,
      errMsg: 'WeChat did not answer (Z_DATA_ERROR)',
      retryable: true,
    });
  });

  it('gives a file the name that WeChat gives it', async () => {
    const { wire, weixin } = await openGiven();
    const disposition = Buffer.from('attachment; filename="图.png"').toString('latin1');
    wire.answer = () => ({
      headers: { 'content-type': 'image/png', 'content-disposition': disposition },
      body: new Uint8Array(PNG),
    });
    expect(await weixin.customerServiceMessage.getTempMedia({ mediaId: 'm' })).toMatchObject({
      fileName: '图.png',
    });
  });

  it('keeps every digit of a number that JavaScript would round, as a string', async () => {
    const { wire, weixin } = await openGiven();
    wire.answer = () => ({
      body: '{"msg_id":9007199254740993,"list":[-1234567890123456789, 12345678901234567],"text":"12345678901234567890","n":9007199254740991,"f":0.123456789012345}',
    });
    expect(await weixin.request({ path: PATH })).toEqual({
      errCode: 0,
      errMsg: 'ok',
      msgId: '9007199254740993',
      list: ['-1234567890123456789', '12345678901234567'],
      text: '12345678901234567890',
      n: 9007199254740991,
      f: 0.123456789012345,
    });
  });

  it.each([
    ['JSON under a text type', { 'content-type': 'text/plain' }],
    ['JSON under no type', {}],
    ['JSON under the type of an image', { 'content-type': 'image/jpeg' }],
  ])('knows a fault by its content: %s', async (_name, headers) => {
    const { wire, weixin } = await openGiven();
    wire.answer = () => ({ headers, body: '{"errcode":45009,"errmsg":"reach max api daily quota limit"}' });
    await expect(weixin.wxacode.get({ path: 'p' })).rejects.toMatchObject({ errCode: 45009 });
    await expect(weixin.request({ path: PATH })).rejects.toMatchObject({ errCode: 45009 });
  });

  it('reads errcodes that are strings, and control characters in texts', async () => {
    const { wire, weixin } = await openGiven();
    wire.answer = () => ({ body: '{"errcode":"0","nick_name":"a\u0007b"}' });
    expect(await weixin.request({ path: PATH })).toMatchObject({ nickName: 'ab' });
    wire.answer = () => ({ body: '{"errcode":"45011","errmsg":"x"}' });
    await expect(weixin.request({ path: PATH })).rejects.toMatchObject({ errCode: 45011, retryable: true });
  });

  it('takes JSON in the place of an image for no answer, and an image in the place of JSON', async () => {
    const { wire, weixin } = await openGiven();
    wire.answer = () => ({ headers: JSON_TYPE, body: '{"errcode":0,"errmsg":"ok"}' });
    await expect(weixin.wxacode.get({ path: 'p' })).rejects.toMatchObject({
      errCode: -1,
      errMsg: expect.stringContaining('is not a file'),
    });
    wire.answer = () => ({ headers: { 'content-type': 'image/png' }, body: new Uint8Array(PNG) });
    await expect(weixin.security.mediaCheckAsync(MEDIA)).rejects.toMatchObject({ errCode: -1 });
    expect(await weixin.wxacode.get({ path: 'p' })).toEqual({
      errCode: 0,
      errMsg: 'ok',
      contentType: 'image/png',
      buffer: PNG,
    });
  });

  it('waits no longer than timeoutMs, and says so', async () => {
    const { platform, weixin } = await openBySecret({ timeoutMs: 300 });
    platform.control.addFault({ kind: 'hang', path: PATH });
    const error = await faultOf(weixin.request({ path: PATH, safeToRepeat: false }));
    expect(error).toMatchObject({
      errCode: -1,
      errMsg: 'WeChat did not answer (ETIMEDOUT)',
      retryable: true,
      cause: expect.objectContaining({ name: 'TimeoutError' }),
    });
  });
});

const MEDIA = { mediaUrl: 'https://example.com/a.png', mediaType: 2, scene: 1, openid: 'o' } as const;

describe('what is secret', () => {
  it('is in no error, however much of it a logger prints', async () => {
    const opened = await openBySecret({ timeoutMs: 500 });
    const { platform, wire, weixin } = opened;
    const { accessToken } = await weixin.auth.getAccessToken();
    const code = 'login-code-of-a-user-0123456789ab';
    const own = 'own-token-of-this-call';
    const calls = [
      () => weixin.request({ path: PATH }),
      () => weixin.request({ path: `${PATH}?access_token=${own}` }),
      () => weixin.request({ path: PATH, accessToken: own }),
      () => weixin.auth.code2Session(code),
      () => weixin.wxacode.get({ path: 'p', accessToken: own }),
    ];
    const answers: Wire['answer'][] = [
      ({ query, accessToken: token }) => ({
        body: JSON.stringify({ errcode: 40097, errmsg: `bad ${token} ${JSON.stringify(query)}` }),
      }),
      () => ({ status: 302, headers: { location: 'http://127.0.0.1:9/' }, body: '' }),
      () => ({ status: 500, headers: {}, body: `<p>${accessToken}` }),
    ];
    const faults = (['hang', 'reset', 'torn'] as const).map((kind) => () => {
      platform.control.clearFaults();
      platform.control.addFault({ kind, path: '/*', times: 0 });
      return undefined;
    });
    for (const answer of [...answers, ...faults]) {
      wire.answer = answer;
      for (const call of calls) {
        const error = (await faultOf(call())) as WeixinError;
        expect(error).toMatchObject({ name: 'WeixinError' });
        const printed = inspect(error, { depth: 20 }) + JSON.stringify(error) + error.message + error.stack;
        for (const secret of [accessToken, own, code, APP.secret]) expect(printed).not.toContain(secret);
      }
    }
  });

  it('is in no complaint about an argument', async () => {
    const { weixin } = await openGiven();
    const wrong = { scene: 1, accessToken: 'own-token-of-this-call' };
    const error = await faultOf(weixin.wxacode.getUnlimited(wrong as never));
    expect(error).toBeInstanceOf(TypeError);
    expect(String(error)).not.toContain('own-token');
    for (const options of [
      { appId: '', secret: 'the-secret' },
      { appId: 'wx', secret: 'the-secret', tokenServer: { url: 'http://127.0.0.1', apiKey: 'the-key' } },
      { appId: 'wx', tokenServer: { url: '', apiKey: 'the-key' } },
      { appId: 'wx', secret: 'the-secret', baseUrl: 'api.weixin.qq.com' },
    ])
      expect(() => initWeixin(options)).toThrow(/^initWeixin: (?!.*the-(?:key|secret))/);
  });
});
