import { describe, expect, it } from '@jest/globals';
import { initWeixin, type Weixin } from '@zhongkong/client-sdk';
import { cleanUp } from '../../helpers/clean-up.js';
import { API_KEY, APP, startPlatform } from '../../helpers/fixtures.js';
import { PNG } from '../../helpers/images.js';
import { startServer } from '../../helpers/test-server.js';
import { startWire } from '../../helpers/wire.js';
import { OPENID, openBySecret } from './open.js';

interface Row {
  readonly run: (weixin: Weixin) => Promise<unknown>;
  /** Line and query on the wire, without the token. */
  readonly sends: string;
  readonly json?: unknown;
  readonly answer: string;
  readonly gives: object;
}

const OK = { errCode: 0, errMsg: 'ok' };
const FOLLOWER = `{"subscribe":1,"openid":"${OPENID}","subscribe_time":1,"tagid_list":[2]}`;

const ROWS: Record<string, Row> = {
  'templateMessage.send': {
    run: ({ templateMessage }) =>
      templateMessage.send({
        touser: OPENID,
        templateId: 't',
        miniprogram: { appid: 'wx1', pagepath: 'p' },
        clientMsgId: 'once',
        data: { firstLine: { value: '您好', color: '#173177' } },
      }),
    sends: 'POST /cgi-bin/message/template/send',
    json: {
      touser: OPENID,
      template_id: 't',
      miniprogram: { appid: 'wx1', pagepath: 'p' },
      client_msg_id: 'once',
      data: { firstLine: { value: '您好', color: '#173177' } },
    },
    answer: '{"errcode":0,"errmsg":"ok","msgid":2147483648123456789}',
    gives: { ...OK, msgid: '2147483648123456789' },
  },
  'user.info': {
    run: ({ user }) => user.info({ openid: OPENID, lang: 'en' }),
    sends: `GET /cgi-bin/user/info?openid=${OPENID}&lang=en`,
    answer: FOLLOWER,
    gives: { ...OK, subscribe: 1, openid: OPENID, subscribeTime: 1, tagidList: [2] },
  },
  'user.infoList': {
    run: ({ user }) => user.infoList({ userList: [{ openid: OPENID, lang: 'zh_CN' }] }),
    sends: 'POST /cgi-bin/user/info/batchget',
    json: { user_list: [{ openid: OPENID, lang: 'zh_CN' }] },
    answer: `{"user_info_list":[${FOLLOWER}]}`,
    gives: { userInfoList: [{ subscribe: 1, openid: OPENID, subscribeTime: 1, tagidList: [2] }] },
  },
  'user.list': {
    run: ({ user }) => user.list(),
    sends: 'GET /cgi-bin/user/get',
    answer: `{"total":1,"count":1,"data":{"openid":["${OPENID}"]},"next_openid":"${OPENID}"}`,
    gives: { total: 1, count: 1, data: { openid: [OPENID] }, nextOpenid: OPENID },
  },
  'menu.create': {
    run: ({ menu }) =>
      menu.create({ button: [{ name: '菜单', subButton: [{ type: 'media_id', name: 'a', mediaId: 'm' }] }] }),
    sends: 'POST /cgi-bin/menu/create',
    json: { button: [{ name: '菜单', sub_button: [{ type: 'media_id', name: 'a', media_id: 'm' }] }] },
    answer: '{"errcode":0,"errmsg":"ok"}',
    gives: OK,
  },
  'menu.get': {
    run: ({ menu }) => menu.get(),
    sends: 'GET /cgi-bin/menu/get',
    answer: '{"menu":{"button":[{"name":"a","sub_button":[]}]}}',
    gives: { ...OK, menu: { button: [{ name: 'a', subButton: [] }] } },
  },
  'menu.delete': {
    run: ({ menu }) => menu.delete(),
    sends: 'GET /cgi-bin/menu/delete',
    answer: '{"errcode":0,"errmsg":"ok"}',
    gives: OK,
  },
  'material.delete': {
    run: ({ material }) => material.delete({ mediaId: 'm' }),
    sends: 'POST /cgi-bin/material/del_material',
    json: { media_id: 'm' },
    answer: '{"errcode":0,"errmsg":"ok"}',
    gives: OK,
  },
  'material.list': {
    run: ({ material }) => material.list({ type: 'image', offset: 0, count: 20 }),
    sends: 'POST /cgi-bin/material/batchget_material',
    json: { type: 'image', offset: 0, count: 20 },
    answer: '{"total_count":1,"item_count":1,"item":[{"media_id":"m","update_time":1}]}',
    gives: { totalCount: 1, itemCount: 1, item: [{ mediaId: 'm', updateTime: 1 }] },
  },
  'material.count': {
    run: ({ material }) => material.count(),
    sends: 'GET /cgi-bin/material/get_materialcount',
    answer: '{"voice_count":1,"video_count":2,"image_count":3,"news_count":4}',
    gives: { voiceCount: 1, videoCount: 2, imageCount: 3, newsCount: 4 },
  },
  'oauth.refreshUserToken': {
    run: ({ oauth }) => oauth.refreshUserToken({ refreshToken: 'r' }),
    sends: `GET /sns/oauth2/refresh_token?appid=${APP.appId}&grant_type=refresh_token&refresh_token=r`,
    answer: '{"access_token":"u","expires_in":7200,"refresh_token":"r","openid":"o","scope":"snsapi_base"}',
    gives: { accessToken: 'u', expiresIn: 7200, refreshToken: 'r', openid: 'o', scope: 'snsapi_base' },
  },
};

describe('an API of official accounts', () => {
  it.each(Object.entries(ROWS))('%s sends exactly this, and gives exactly this', async (_name, row) => {
    const { wire, weixin } = await openBySecret();
    await weixin.auth.getAccessToken();
    wire.answer = () => ({ body: row.answer });
    expect(await row.run(weixin)).toMatchObject(row.gives);
    const sent = wire.sent.at(-1);
    const query = new URLSearchParams(sent?.query).toString();
    expect(`${sent?.method} ${sent?.path}${query && `?${query}`}`).toBe(row.sends);
    const body = sent?.body.toString('utf8');
    expect(body === '' ? undefined : JSON.parse(body ?? '')).toEqual(row.json);
  });

  it('material.add sends a file with its description, and material.get gives one with its name', async () => {
    const { wire, weixin } = await openBySecret();
    await weixin.auth.getAccessToken();
    wire.answer = () => ({ body: '{"media_id":"m","url":"https://a/b"}' });
    const media = { value: PNG, fileName: 'clip.mp4' };
    const description = { title: '标题', introduction: 'i' };
    expect(await weixin.material.add({ type: 'video', media, description })).toMatchObject({ mediaId: 'm' });
    const sent = wire.sent.at(-1);
    expect(sent).toMatchObject({ path: '/cgi-bin/material/add_material', query: { type: 'video' } });
    expect(sent?.body.toString('utf8')).toContain(
      'name="description"\r\n\r\n{"title":"标题","introduction":"i"}\r\n',
    );
    const headers = { 'content-type': 'image/png', 'content-disposition': 'attachment; filename="a.png"' };
    wire.answer = () => ({ headers, body: new Uint8Array(PNG) });
    expect(await weixin.material.get({ mediaId: 'm' })).toMatchObject({ buffer: PNG, fileName: 'a.png' });
  });

  it("oauth.getUserInfo carries the user's token, which is never refreshed", async () => {
    const { wire, weixin } = await openBySecret();
    wire.answer = () => ({ body: '{"errcode":42001,"errmsg":"user token expired"}' });
    const call = weixin.oauth.getUserInfo({ userToken: 'of-the-user', openid: 'o' });
    await expect(call).rejects.toMatchObject({ errCode: 42001, method: 'oauth.getUserInfo' });
    expect(wire.sent).toMatchObject([
      { path: '/sns/userinfo', accessToken: 'of-the-user', query: { openid: 'o' } },
    ]);
  });

  it.each([
    ['with the secret', false],
    ['through the token server, which alone has the secret', true],
  ])('oauth.getUserToken turns a code into a user %s', async (_name, byServer) => {
    const platform = await startPlatform();
    const wechat = await startWire(platform.url);
    wechat.answer = ({ path }) =>
      path === '/sns/oauth2/access_token'
        ? {
            body: '{"access_token":"u","expires_in":7200,"refresh_token":"r","openid":"o","scope":"snsapi_base"}',
          }
        : undefined;
    const clients = [{ name: 'web', key: API_KEY, apps: ['*'], scopes: ['token:read', 'login'] }];
    const server = await startServer({ platform: wechat.url, config: { apps: [APP], clients } });
    const tokenServer = { url: server.url, apiKey: API_KEY };
    const source = byServer ? { appId: APP.appId, tokenServer } : { ...APP };
    const weixin = initWeixin({ ...source, baseUrl: wechat.url, updates: 'none' });
    cleanUp(() => weixin.close());
    expect(await weixin.oauth.getUserToken({ code: 'the-code' })).toMatchObject({
      openid: 'o',
      accessToken: 'u',
    });
    const asked = wechat.sent.filter(({ path }) => path === '/sns/oauth2/access_token');
    expect(asked).toMatchObject([{ query: { appid: APP.appId, secret: APP.secret, code: 'the-code' } }]);
  });
});
