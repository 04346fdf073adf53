import { describe, expect, it } from '@jest/globals';
import type { Weixin } from '@zhongkong/client-sdk';
import { APP } from '../../helpers/fixtures.js';
import { PNG } from '../../helpers/images.js';
import { OPENID, openBySecret, sentTo } from './open.js';

const CODE = 'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6';
const ORDER = '1009660380201506130728806387';
const IMAGE = { errCode: 0, errMsg: 'ok', contentType: 'image/jpeg', buffer: expect.any(Buffer) };
const PIECE = {
  cropLeft: expect.any(Number),
  cropTop: expect.any(Number),
  cropRight: expect.any(Number),
  cropBottom: expect.any(Number),
};
const SCANNED = {
  errCode: 0,
  errMsg: 'ok',
  codeResults: [
    {
      typeName: 'QR_CODE',
      data: 'http://www.qq.com',
      pos: {
        leftTop: { x: 585, y: 378 },
        rightTop: { x: 828, y: 378 },
        rightBottom: { x: 828, y: 618 },
        leftBottom: { x: 585, y: 618 },
      },
    },
    { typeName: 'EAN_13', data: '5906789678957' },
  ],
  imgSize: { w: 1000, h: 900 },
};
const OK = { errCode: 0, errMsg: 'ok' };
const png = { contentType: 'image/png', value: PNG };
const message = { touser: OPENID, msgtype: 'text', text: { content: '<a href="x">中文 & 😀</a>' } } as const;

interface Row {
  readonly run: (weixin: Weixin) => Promise<unknown>;
  /** Line and query on the wire, without the token. */
  readonly sends: string;
  /** The JSON body, byte for byte; undefined: no body; 'form': multipart, looked at elsewhere. */
  readonly body?: string;
  readonly gives: unknown;
}

const ROWS: Record<string, Row> = {
  'auth.code2Session': {
    run: (weixin) => weixin.auth.code2Session(CODE),
    sends: `GET /sns/jscode2session?appid=${APP.appId}&secret=${APP.secret}&js_code=${CODE}&grant_type=authorization_code`,
    gives: {
      ...OK,
      openid: expect.stringMatching(/^o/),
      sessionKey: expect.any(String),
      unionid: expect.any(String),
    },
  },
  'auth.getPaidUnionId by transactionId': {
    run: (weixin) => weixin.auth.getPaidUnionId({ openid: OPENID, transactionId: ORDER }),
    sends: `GET /wxa/getpaidunionid?openid=${OPENID}&transaction_id=${ORDER}`,
    gives: { ...OK, unionid: expect.any(String) },
  },
  'auth.getPaidUnionId by mchId and outTradeNo': {
    run: (weixin) =>
      weixin.auth.getPaidUnionId({ openid: OPENID, mchId: '1230000109', outTradeNo: 'order-1' }),
    sends: `GET /wxa/getpaidunionid?openid=${OPENID}&mch_id=1230000109&out_trade_no=order-1`,
    gives: { ...OK, unionid: expect.any(String) },
  },
  'customerServiceMessage.send': {
    run: (weixin) => weixin.customerServiceMessage.send(message),
    sends: 'POST /cgi-bin/message/custom/send',
    body: `{"touser":"${OPENID}","msgtype":"text","text":{"content":"<a href=\\"x\\">中文 & 😀</a>"}}`,
    gives: OK,
  },
  'customerServiceMessage.send of a link': {
    run: (weixin) =>
      weixin.customerServiceMessage.send({
        touser: OPENID,
        msgtype: 'link',
        link: { title: 'T', description: 'D', url: 'https://a.b', thumbUrl: 'https://c.d' },
      }),
    sends: 'POST /cgi-bin/message/custom/send',
    body: `{"touser":"${OPENID}","msgtype":"link","link":{"title":"T","description":"D","url":"https://a.b","thumb_url":"https://c.d"}}`,
    gives: OK,
  },
  'customerServiceMessage.setTyping': {
    run: (weixin) => weixin.customerServiceMessage.setTyping({ touser: OPENID, command: 'Typing' }),
    sends: 'POST /cgi-bin/message/custom/typing',
    body: `{"touser":"${OPENID}","command":"Typing"}`,
    gives: OK,
  },
  'customerServiceMessage.uploadTempMedia': {
    run: (weixin) => weixin.customerServiceMessage.uploadTempMedia({ type: 'image', media: png }),
    sends: 'POST /cgi-bin/media/upload?type=image',
    body: 'form',
    gives: { ...OK, type: 'image', mediaId: expect.any(String), createdAt: expect.any(Number) },
  },
  'wxacode.createQRCode': {
    run: (weixin) => weixin.wxacode.createQRCode({ path: 'page/index/index', width: 430 }),
    sends: 'POST /cgi-bin/wxaapp/createwxaqrcode',
    body: '{"path":"page/index/index","width":430}',
    gives: IMAGE,
  },
  'wxacode.get': {
    run: (weixin) =>
      weixin.wxacode.get({
        path: 'page/index/index?a=1',
        width: 280,
        autoColor: false,
        lineColor: { r: 1, g: 2, b: '3' },
        isHyaline: true,
        envVersion: 'trial',
      }),
    sends: 'POST /wxa/getwxacode',
    body: '{"path":"page/index/index?a=1","width":280,"auto_color":false,"line_color":{"r":1,"g":2,"b":"3"},"is_hyaline":true,"env_version":"trial"}',
    gives: { ...IMAGE, contentType: 'image/png' },
  },
  'wxacode.getUnlimited': {
    run: (weixin) =>
      weixin.wxacode.getUnlimited({
        scene: "a=1&!#$'()*+,/:;=?@-._~",
        page: 'pages/index/index',
        checkPath: false,
        envVersion: 'develop',
        autoColor: true,
      }),
    sends: 'POST /wxa/getwxacodeunlimit',
    body: '{"scene":"a=1&!#$\'()*+,/:;=?@-._~","page":"pages/index/index","check_path":false,"env_version":"develop","auto_color":true}',
    gives: IMAGE,
  },
  'img.aiCrop of a file': {
    run: (weixin) => weixin.img.aiCrop({ img: png, ratios: [1, 2.35] }),
    sends: 'POST /cv/img/aicrop?ratios=1%2C2.35',
    body: 'form',
    gives: { ...OK, results: [PIECE, PIECE], imgSize: { w: 966, h: 728 } },
  },
  'img.aiCrop of an address': {
    run: (weixin) => weixin.img.aiCrop({ imgUrl: 'https://example.com/a b?c=1&d=2', ratios: '1' }),
    sends: 'POST /cv/img/aicrop?img_url=https%3A%2F%2Fexample.com%2Fa+b%3Fc%3D1%26d%3D2&ratios=1',
    gives: { ...OK, results: [PIECE], imgSize: { w: 966, h: 728 } },
  },
  'img.scanQRCode': {
    run: (weixin) => weixin.img.scanQRCode({ img: png }),
    sends: 'POST /cv/img/qrcode',
    body: 'form',
    gives: SCANNED,
  },
  'img.superresolution': {
    run: (weixin) => weixin.img.superresolution({ imgUrl: 'https://example.com/a' }),
    sends: 'POST /cv/img/superresolution?img_url=https%3A%2F%2Fexample.com%2Fa',
    gives: { ...OK, mediaId: expect.any(String) },
  },
  'subscribeMessage.send': {
    run: (weixin) =>
      weixin.subscribeMessage.send({
        touser: OPENID,
        templateId: 'T-1',
        page: 'index',
        miniprogramState: 'trial',
        lang: 'en_US',
        data: { thing1: { value: '中' }, myField: { value: 2 } },
      }),
    sends: 'POST /cgi-bin/message/subscribe/send',
    body: `{"touser":"${OPENID}","template_id":"T-1","page":"index","miniprogram_state":"trial","lang":"en_US","data":{"thing1":{"value":"中"},"myField":{"value":2}}}`,
    gives: OK,
  },
  'security.msgSecCheck': {
    run: (weixin) => weixin.security.msgSecCheck({ content: 'sandbox-risky', scene: 2, openid: OPENID }),
    sends: 'POST /wxa/msg_sec_check',
    body: `{"content":"sandbox-risky","scene":2,"openid":"${OPENID}","version":2}`,
    gives: {
      ...OK,
      result: { suggest: 'risky', label: 20001 },
      detail: [{ strategy: 'content_model', errCode: 0, suggest: 'risky', label: 20001, prob: 90 }],
      traceId: expect.any(String),
    },
  },
  'security.mediaCheckAsync': {
    run: (weixin) =>
      weixin.security.mediaCheckAsync({ mediaUrl: 'https://a/b', mediaType: 2, scene: 1, openid: OPENID }),
    sends: 'POST /wxa/media_check_async',
    body: `{"media_url":"https://a/b","media_type":2,"scene":1,"openid":"${OPENID}","version":2}`,
    gives: { ...OK, traceId: expect.any(String) },
  },
  'urlscheme.generate': {
    run: (weixin) =>
      weixin.urlscheme.generate({
        jumpWxa: { path: '/pages/a', query: 'b=1', envVersion: 'release' },
        isExpire: true,
        expireType: 1,
        expireInterval: 7,
      }),
    sends: 'POST /wxa/generatescheme',
    body: '{"jump_wxa":{"path":"/pages/a","query":"b=1","env_version":"release"},"is_expire":true,"expire_type":1,"expire_interval":7}',
    gives: { ...OK, openlink: expect.stringMatching(/^weixin:/) },
  },
  'urllink.generate': {
    run: (weixin) =>
      weixin.urllink.generate({
        path: '/pages/a',
        isExpire: true,
        expireTime: 1_800_000_000,
        cloudBase: { env: 'e', resourceAppid: 'wx1' },
      }),
    sends: 'POST /wxa/generate_urllink',
    body: '{"path":"/pages/a","is_expire":true,"expire_time":1800000000,"cloud_base":{"env":"e","resource_appid":"wx1"}}',
    gives: { ...OK, urlLink: expect.stringMatching(/^https:/) },
  },
  'urlscheme.generate of the main page': {
    run: (weixin) => weixin.urlscheme.generate(),
    sends: 'POST /wxa/generatescheme',
    body: '{}',
    gives: { ...OK, openlink: expect.any(String) },
  },
  'phonenumber.getPhoneNumber': {
    run: (weixin) => weixin.phonenumber.getPhoneNumber({ code: CODE }),
    sends: 'POST /wxa/business/getuserphonenumber',
    body: `{"code":"${CODE}"}`,
    gives: {
      ...OK,
      phoneInfo: {
        phoneNumber: expect.stringMatching(/^138\d{8}$/),
        purePhoneNumber: expect.stringMatching(/^138\d{8}$/),
        countryCode: '86',
        watermark: { timestamp: expect.any(Number), appid: APP.appId },
      },
    },
  },
  request: {
    run: (weixin) =>
      weixin.request({ path: '/cgi-bin/getcallbackip', query: { someName: 1, not: undefined } }),
    sends: 'GET /cgi-bin/getcallbackip?some_name=1',
    gives: { ...OK, ipList: expect.any(Array) },
  },
};

describe('on the wire and back', () => {
  it.each(Object.entries(ROWS))('%s sends exactly this, and gives exactly this', async (_name, row) => {
    const opened = await openBySecret();
    const { platform, wire, weixin } = opened;
    platform.control.interact({ appId: APP.appId, openid: OPENID });
    const { accessToken } = await weixin.auth.getAccessToken();
    wire.sent.length = 0;
    expect(await row.run(weixin)).toEqual(row.gives);
    expect(wire.sent).toHaveLength(1);
    const [sent] = wire.sent;
    const query = new URLSearchParams(sent?.query).toString();
    expect(`${sent?.method} ${sent?.path}${query === '' ? '' : `?${query}`}`).toBe(row.sends);
    expect(sent?.accessToken).toBe(row.sends.includes('/sns/') ? null : accessToken);
    if (row.body === 'form') {
      expect(sent?.contentType).toMatch(/^multipart\/form-data; boundary=/);
    } else {
      expect(sent?.body.toString('utf8')).toBe(row.body ?? '');
      expect(sent?.contentType).toBe(row.body === undefined ? '' : 'application/json');
    }
  });

  it('a call’s own token goes in the place of the instance’s, and in no body', async () => {
    const opened = await openBySecret();
    await expect(opened.weixin.wxacode.get({ accessToken: 'own token', path: 'p' })).rejects.toMatchObject({
      errCode: 40001,
    });
    expect(opened.wire.sent).toMatchObject([{ accessToken: 'own token' }]);
    expect(sentTo(opened, '/wxa/getwxacode')[0]?.body.toString()).toBe('{"path":"p"}');
  });

  it('media go up and come back byte for byte, and a video as its address', async () => {
    const { platform, weixin } = await openBySecret();
    const { mediaId } = await weixin.customerServiceMessage.uploadTempMedia({ type: 'image', media: png });
    const { buffer, contentType } = await weixin.customerServiceMessage.getTempMedia({ mediaId });
    expect([buffer, contentType]).toEqual([PNG, 'image/png']);
    const image = { touser: OPENID, msgtype: 'image', image: { mediaId } } as const;
    platform.control.interact({ appId: APP.appId, openid: OPENID });
    expect(await weixin.customerServiceMessage.send(image)).toEqual(OK);
    const card = {
      touser: OPENID,
      msgtype: 'miniprogrampage',
      miniprogrampage: { title: 'T', pagepath: 'p', thumbMediaId: mediaId },
    } as const;
    expect(await weixin.customerServiceMessage.send(card)).toEqual(OK);

    platform.control.putApp({ ...APP, type: 'official' });
    const video = { contentType: 'video/mp4', value: PNG };
    const uploaded = await weixin.customerServiceMessage.uploadTempMedia({ type: 'video', media: video });
    expect(await weixin.customerServiceMessage.getTempMedia({ mediaId: uploaded.mediaId })).toEqual({
      ...OK,
      videoUrl: expect.stringMatching(/^http/),
    });
  });
});
