import { describe, expect, it } from '@jest/globals';
import type { Weixin } from '@zhongkong/client-sdk';
import type { Sandbox } from '@zhongkong/sandbox';
import { APP } from '../../helpers/fixtures.js';
import { PNG } from '../../helpers/images.js';
import { OPENID, openBySecret } from './open.js';

const CODE = 'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6';
const ORDER = '1009660380201506130728806387';
const png = { contentType: 'image/png', value: PNG };
const text = { touser: OPENID, msgtype: 'text', text: { content: 'hello' } } as const;
const typing = { touser: OPENID, command: 'Typing' } as const;
const data = { thing1: { value: 'x' } };

type Run = (weixin: Weixin, platform: Sandbox) => Promise<unknown>;

/** What provokes it; without, it depends on things that a sandbox does not have, and is injected. */
type Row = readonly [api: string, errCode: number, run: Run, path?: string];

const send =
  (part: object): Run =>
  (weixin) =>
    weixin.customerServiceMessage.send({ ...text, ...part } as never);
const type =
  (part: object): Run =>
  (weixin) =>
    weixin.customerServiceMessage.setTyping({ ...typing, ...part } as never);
const interact = (platform: Sandbox) => platform.control.interact({ appId: APP.appId, openid: OPENID });
const limit =
  (part: object, run: Run): Run =>
  (weixin, platform) => {
    platform.control.setLimits(part);
    return run(weixin, platform);
  };

const ROWS: readonly Row[] = [
  ['auth.code2Session', 40029, ({ auth }) => auth.code2Session('no-such-code')],
  [
    'auth.code2Session',
    40163,
    async ({ auth }) => [await auth.code2Session(CODE), await auth.code2Session(CODE)],
  ],
  ['auth.code2Session', 45011, limit({ sessionsPerMinute: 0 }, ({ auth }) => auth.code2Session(CODE))],
  ['auth.code2Session', 40226, ({ auth }) => auth.code2Session(CODE), '/sns/jscode2session'],
  ['auth.getPaidUnionId', 40003, ({ auth }) => auth.getPaidUnionId({ openid: 'x', transactionId: ORDER })],
  ['auth.getPaidUnionId', 89300, ({ auth }) => auth.getPaidUnionId({ openid: OPENID, transactionId: '1' })],
  [
    'auth.getPaidUnionId',
    89002,
    ({ auth }, { control }) => {
      control.putApp({ ...APP, openPlatform: false });
      return auth.getPaidUnionId({ openid: OPENID, transactionId: ORDER });
    },
  ],
  [
    'customerServiceMessage.getTempMedia',
    40007,
    (w) => w.customerServiceMessage.getTempMedia({ mediaId: 'x' }),
  ],
  ['customerServiceMessage.send', 40003, send({ touser: 'x' })],
  ['customerServiceMessage.send', 45015, send({})],
  [
    'customerServiceMessage.send',
    45047,
    async (weixin, platform) => {
      interact(platform);
      for (let sent = 0; sent <= 5; sent += 1) await weixin.customerServiceMessage.send(text);
    },
  ],
  ['customerServiceMessage.send', 45162, send({ msgtype: 'news', news: { articles: [] } })],
  ['customerServiceMessage.send', 40002, send({}), '/cgi-bin/message/custom/send'],
  ['customerServiceMessage.send', 48001, send({}), '/cgi-bin/message/custom/send'],
  ['customerServiceMessage.send', -1, send({}), '/cgi-bin/message/custom/send'],
  ['customerServiceMessage.setTyping', 45072, type({ command: 'Dance' })],
  ['customerServiceMessage.setTyping', 45080, type({})],
  [
    'customerServiceMessage.setTyping',
    45081,
    async (weixin, platform) => {
      interact(platform);
      await weixin.customerServiceMessage.setTyping(typing);
      await weixin.customerServiceMessage.setTyping(typing);
    },
  ],
  [
    'customerServiceMessage.uploadTempMedia',
    40004,
    (w) => w.customerServiceMessage.uploadTempMedia({ type: 'voice', media: png }),
  ],
  [
    'customerServiceMessage.uploadTempMedia',
    40005,
    (w) =>
      w.customerServiceMessage.uploadTempMedia({ type: 'image', media: { value: PNG, fileName: 'a.exe' } }),
  ],
  [
    'customerServiceMessage.uploadTempMedia',
    45001,
    (w) =>
      w.customerServiceMessage.uploadTempMedia({
        type: 'image',
        media: { value: Buffer.alloc(10 * 1024 * 1024 + 1), fileName: 'a.png' },
      }),
  ],
  ['wxacode.createQRCode', 40159, ({ wxacode }) => wxacode.createQRCode({ path: 'x'.repeat(129) })],
  [
    'wxacode.createQRCode',
    45029,
    limit({ codesPerLifetime: 0 }, (w) => w.wxacode.createQRCode({ path: 'p' })),
  ],
  ['wxacode.get', 40159, ({ wxacode }) => wxacode.get({ path: 'x'.repeat(1025) })],
  ['wxacode.get', 40189, ({ wxacode }) => wxacode.get({ path: 'p', width: 279 })],
  ['wxacode.get', 40097, ({ wxacode }) => wxacode.get({ path: 'p', envVersion: 'x' as never })],
  ['wxacode.get', 45029, limit({ codesPerLifetime: 0 }, ({ wxacode }) => wxacode.get({ path: 'p' }))],
  ['wxacode.get', 45009, limit({ getCodePerDay: 0 }, ({ wxacode }) => wxacode.get({ path: 'p' }))],
  ['wxacode.getUnlimited', 40169, ({ wxacode }) => wxacode.getUnlimited({ scene: 'x'.repeat(33) })],
  ['wxacode.getUnlimited', 40129, ({ wxacode }) => wxacode.getUnlimited({ scene: '100%' })],
  ['wxacode.getUnlimited', 41030, ({ wxacode }) => wxacode.getUnlimited({ scene: 'x', page: '/p' })],
  ['wxacode.getUnlimited', 40189, ({ wxacode }) => wxacode.getUnlimited({ scene: 'x', width: 1281 })],
  ['wxacode.getUnlimited', 40097, (w) => w.wxacode.getUnlimited({ scene: 'x', envVersion: 'x' as never })],
  [
    'wxacode.getUnlimited',
    45009,
    limit({ unlimitedCodesPerMinute: 0 }, ({ wxacode }) => wxacode.getUnlimited({ scene: 'x' })),
  ],
  [
    'wxacode.getUnlimited',
    45063,
    ({ wxacode }, { control }) => {
      control.putApp({ ...APP, type: 'official' });
      return wxacode.getUnlimited({ scene: 'x' });
    },
  ],
  ['img.aiCrop', 101000, ({ img }) => img.aiCrop({ imgUrl: 'no address' })],
  ['img.aiCrop', 40097, ({ img }) => img.aiCrop({ img: png, ratios: [1, 2, 3, 4, 5, 6] })],
  ['img.scanQRCode', 45001, ({ img }) => img.scanQRCode({ img: { value: Buffer.alloc(2 * 1024 * 1024) } })],
  ['img.scanQRCode', 101002, ({ img }) => img.scanQRCode({ img: png }), '/cv/img/qrcode'],
  ['img.superresolution', 101000, ({ img }) => img.superresolution({ imgUrl: 'ftp://a' })],
  ['img.superresolution', 48001, ({ img }) => img.superresolution({ img: png }), '/cv/img/superresolution'],
  ['subscribeMessage.send', 40003, (w) => w.subscribeMessage.send({ touser: 'x', templateId: 't', data })],
  [
    'subscribeMessage.send',
    47003,
    (w) => w.subscribeMessage.send({ touser: OPENID, templateId: 't', data: { thing1: {} } as never }),
  ],
  ...([40037, 43101, 41030] as const).map(
    (errCode): Row => [
      'subscribeMessage.send',
      errCode,
      (w) => w.subscribeMessage.send({ touser: OPENID, templateId: 't', data }),
      '/cgi-bin/message/subscribe/send',
    ],
  ),
  ['security.msgSecCheck', 40003, (w) => w.security.msgSecCheck({ content: 'x', scene: 2, openid: 'x' })],
  [
    'security.msgSecCheck',
    87014,
    (w) => w.security.msgSecCheck({ content: 'sandbox-risky', scene: 2, openid: OPENID, version: 1 }),
  ],
  [
    'security.msgSecCheck',
    61010,
    (w) => w.security.msgSecCheck({ content: 'x', scene: 2, openid: OPENID }),
    '/wxa/msg_sec_check',
  ],
  [
    'security.mediaCheckAsync',
    47001,
    (w) => w.security.mediaCheckAsync({ mediaUrl: 'x', mediaType: 2, scene: 1, openid: OPENID }),
  ],
  ['urlscheme.generate', 40097, (w) => w.urlscheme.generate({ jumpWxa: { envVersion: 'x' as never } })],
  ...([40165, 40212, 85079, 44990] as const).flatMap((errCode): Row[] => [
    ['urlscheme.generate', errCode, (w) => w.urlscheme.generate(), '/wxa/generatescheme'],
    ['urllink.generate', errCode, (w) => w.urllink.generate(), '/wxa/generate_urllink'],
  ]),
  ['urllink.generate', 40097, ({ urllink }) => urllink.generate({ envVersion: 'x' as never })],
  ['phonenumber.getPhoneNumber', 40029, (w) => w.phonenumber.getPhoneNumber({ code: 'x' })],
  [
    'phonenumber.getPhoneNumber',
    40163,
    async ({ phonenumber }) => {
      await phonenumber.getPhoneNumber({ code: CODE });
      await phonenumber.getPhoneNumber({ code: CODE });
    },
  ],
];

const RETRYABLE = [-1, 45011, 44990];

describe('a documented fault', () => {
  it.each(ROWS.map((row) => [row[0], row[1], row] as const))(
    'of %s is thrown: %d',
    async (api, errCode, row) => {
      const [, , run, path] = row;
      const { platform, weixin } = await openBySecret();
      if (path !== undefined) platform.control.addFault({ kind: 'errcode', errcode: errCode, path });
      const error = await run(weixin, platform).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({
        name: 'WeixinError',
        errCode,
        method: api,
        rid: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{8}){2}$/),
        retryable: RETRYABLE.includes(errCode),
        message: expect.stringMatching(new RegExp(`^errCode: ${errCode} \\| errMsg: .+ rid: `)),
      });
    },
  );

  it.each([
    [40125, (platform: Sandbox) => platform.control.setSecret(APP.appId, 'another-secret-of-the-app-012345')],
    [40164, (platform: Sandbox) => platform.control.setWhitelist(APP.appId, ['10.0.0.1'])],
    [40243, (platform: Sandbox) => platform.control.freeze(APP.appId)],
    [40013, (platform: Sandbox) => platform.control.removeApp(APP.appId)],
  ])('of the token itself is thrown by every method that needs one: %d', async (errCode, arrange) => {
    const { platform, weixin } = await openBySecret();
    arrange(platform);
    await expect(weixin.auth.getAccessToken()).rejects.toMatchObject({ errCode });
    const call = weixin.wxacode.get({ path: 'p' });
    await expect(call).rejects.toMatchObject({ name: 'WeixinError', errCode, method: 'wxacode.get' });
  });

  it('is returned by every method of an instance that throws none', async () => {
    const { platform, weixin } = await openBySecret({ throwOnError: false });
    for (const [api, errCode, run, path] of ROWS.filter((row) => row.length === 4)) {
      platform.control.addFault({ kind: 'errcode', errcode: errCode, errmsg: api, path: path ?? '/' });
      expect(await run(weixin, platform)).toEqual({ errCode, errMsg: api });
    }
    await expect(weixin.wxacode.get({} as never)).rejects.toBeInstanceOf(TypeError);
  });
});

const WRONG: readonly (readonly [complaint: string, run: Run])[] = [
  ['auth.code2Session: code must be a non-empty string', ({ auth }) => auth.code2Session('')],
  [
    'auth.getPaidUnionId: the argument must be an object',
    ({ auth }) => auth.getPaidUnionId(undefined as never),
  ],
  [
    'auth.getPaidUnionId: give transactionId, or mchId and outTradeNo',
    ({ auth }) => auth.getPaidUnionId({ openid: OPENID, mchId: '1' }),
  ],
  [
    'customerServiceMessage.getTempMedia: mediaId must be a non-empty string',
    (w) => w.customerServiceMessage.getTempMedia({ mediaId: '' }),
  ],
  ['customerServiceMessage.send: text: the argument must be an object', send({ text: undefined })],
  ['customerServiceMessage.send: text: content must be a non-empty string', send({ text: {} })],
  ['customerServiceMessage.setTyping: command must be a non-empty string', type({ command: 1 })],
  [
    'customerServiceMessage.uploadTempMedia: media.value must be a Buffer, a Blob or a stream',
    (w) => w.customerServiceMessage.uploadTempMedia({ type: 'image', media: { value: 'x' as never } }),
  ],
  [
    'customerServiceMessage.uploadTempMedia: media is empty',
    (w) => w.customerServiceMessage.uploadTempMedia({ type: 'image', media: { value: Buffer.of() } }),
  ],
  [
    'customerServiceMessage.uploadTempMedia: media.path cannot be read (ENOENT)',
    (w) => w.customerServiceMessage.uploadTempMedia({ type: 'image', media: { path: '/no/such/file' } }),
  ],
  [
    'customerServiceMessage.uploadTempMedia: media.contentType must be a non-empty string of one line',
    (w) =>
      w.customerServiceMessage.uploadTempMedia({
        type: 'image',
        media: { value: PNG, contentType: 'image/png\r\nX: y' },
      }),
  ],
  ['wxacode.createQRCode: path must be a non-empty string', (w) => w.wxacode.createQRCode({} as never)],
  ['wxacode.get: width must be a number', (w) => w.wxacode.get({ path: 'p', width: '430' as never })],
  [
    'wxacode.get: accessToken must be a non-empty string',
    (w) => w.wxacode.get({ path: 'p', accessToken: '' }),
  ],
  [
    'wxacode.getUnlimited: isHyaline must be true or false',
    (w) => w.wxacode.getUnlimited({ scene: 'x', isHyaline: 1 as never }),
  ],
  ['img.scanQRCode: give either imgUrl or img', ({ img }) => img.scanQRCode({})],
  [
    'img.aiCrop: ratios must be a list of numbers',
    ({ img }) => img.aiCrop({ img: png, ratios: {} as never }),
  ],
  [
    'subscribeMessage.send: data must be an object',
    (w) => w.subscribeMessage.send({ touser: OPENID, templateId: 't', data: undefined as never }),
  ],
  ['security.msgSecCheck: openid must be', (w) => w.security.msgSecCheck({ content: 'x' } as never)],
  ['urlscheme.generate: jumpWxa must be an object', (w) => w.urlscheme.generate({ jumpWxa: [] as never })],
  ['phonenumber.getPhoneNumber: code must be', (w) => w.phonenumber.getPhoneNumber({} as never)],
  ['jssdk.config: url must be the whole address', ({ jssdk }) => jssdk.config({ url: '/page' })],
  ['request: path must be a non-empty string', (w) => w.request({} as never)],
  ['request: method must be GET or POST', (w) => w.request({ path: '/x', method: 'PUT' as never })],
  ['request: give method POST to send a body', (w) => w.request({ path: '/x', json: {} })],
  ['/x: ids cannot stand in a query', (w) => w.request({ path: '/x', query: { ids: [1] as never } })],
  [
    'request: give either json or file',
    (w) => w.request({ path: '/x', method: 'POST', json: {}, file: { value: PNG } }),
  ],
];

describe('a wrong argument', () => {
  it.each(WRONG)('is a TypeError before anything is sent: %s', async (complaint, run) => {
    const { platform, wire, weixin } = await openBySecret();
    const error = await run(weixin, platform).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(TypeError);
    expect(String(error)).toContain(complaint);
    expect(wire.sent).toEqual([]);
  });
});
