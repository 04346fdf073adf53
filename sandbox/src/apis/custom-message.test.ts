import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DEMO_APP } from '../platform/app-config.js';
import { APP_ID, createTestClient, OPENID } from '../testing/test-client.js';

const client = createTestClient();
beforeEach(client.start);
afterEach(client.stop);

const OK = { errcode: 0, errmsg: 'ok' };
const text = { touser: OPENID, msgtype: 'text', text: { content: '<a href="#">你好 & 再见</a>' } };
const send = async (body: unknown) =>
  (await client.post('/cgi-bin/message/custom/send', body, client.auth())).json;
const type = async (command: string, touser = OPENID) =>
  (await client.post('/cgi-bin/message/custom/typing', { touser, command }, client.auth())).json;
const interact = (kind: 'message' | 'enter' = 'message') =>
  client.control().interact({ appId: APP_ID, openid: OPENID, kind });

describe('POST /cgi-bin/message/custom/send', () => {
  it('sends to a user who wrote in the last 48 hours, five times', async () => {
    expect((await send(text)).errmsg).toMatch(
      /^response out of time limit or subscription is canceled rid: /,
    );
    interact();
    for (let n = 0; n < 5; n++) expect(await send(text)).toEqual(OK);
    expect((await send(text)).errmsg).toMatch(/^out of response count limit rid: /);
    client.control().advanceClock(48 * 3600);
    expect((await send(text)).errcode).toBe(45015);
  });

  it('sends twice to a user who opened customer service in the last minute', async () => {
    interact('enter');
    expect([await send(text), await send(text)]).toEqual([OK, OK]);
    expect((await send(text)).errcode).toBe(45047);
  });

  it('logs the body as it came, for tests to look at', async () => {
    interact();
    await send(text);
    expect(client.control().calls({ path: '/cgi-bin/message/custom/send' })).toEqual([
      expect.objectContaining({ appId: APP_ID, errcode: 0, body: text }),
    ]);
  });

  it('refuses JSON that escapes what could stand there as it is', async () => {
    const escaped = JSON.stringify(text).replace('你', '\\u4f60');
    expect((await send(escaped)).errcode).toBe(40033);
  });

  it('checks user, kind, content and media', async () => {
    interact();
    expect((await send({ ...text, touser: 'nobody' })).errcode).toBe(40003);
    expect((await send({ ...text, msgtype: 'news' })).errmsg).toMatch(/^invalid type rid: /);
    expect((await send({ ...text, msgtype: 'constructor' })).errcode).toBe(45162);
    expect((await send({ ...text, text: {} })).errcode).toBe(47001);
    expect((await send({ touser: OPENID, msgtype: 'text' })).errcode).toBe(47001);
    expect((await send({ touser: OPENID, msgtype: 'image', image: { media_id: 'unknown' } })).errcode).toBe(
      40007,
    );
    expect((await send('')).errcode).toBe(44002);
  });

  it('takes each kind that a mini program has', async () => {
    const superresolution = await client.get('/cv/img/superresolution', {
      ...client.auth(),
      img_url: 'https://a.cn/b',
    });
    const mediaId = String(superresolution.json.media_id);
    const contents = {
      image: { media_id: mediaId },
      link: { title: 't', description: 'd', url: 'https://a.cn', thumb_url: 'https://a.cn/b.png' },
      miniprogrampage: { title: 't', pagepath: 'pages/index', thumb_media_id: mediaId },
    };
    interact();
    for (const [msgtype, content] of Object.entries(contents)) {
      expect(await send({ touser: OPENID, msgtype, [msgtype]: content })).toEqual(OK);
    }
  });

  it('takes more kinds from an official account', async () => {
    client.control().putApp({ ...DEMO_APP, type: 'official' });
    interact();
    const news = { touser: OPENID, msgtype: 'news', news: { articles: [{ title: 't' }] } };
    expect(await send(news)).toEqual(OK);
  });

  it('answers 45009 when the day has had its messages', async () => {
    client.control().setLimits({ customSendPerDay: 1 });
    interact();
    await send(text);
    expect((await send(text)).errcode).toBe(45009);
  });
});

describe('POST /cgi-bin/message/custom/typing', () => {
  it('needs a contact in the last 30 seconds', async () => {
    expect((await type('Typing')).errcode).toBe(45080);
    interact();
    client.control().advanceClock(31);
    expect((await type('Typing')).errcode).toBe(45080);
    interact();
    expect(await type('Typing')).toEqual(OK);
  });

  it('cannot be repeated until it is cancelled or 15 seconds have passed', async () => {
    interact();
    await type('Typing');
    expect((await type('Typing')).errmsg).toMatch(/^you are already typing rid: /);
    expect(await type('CancelTyping')).toEqual(OK);
    expect(await type('Typing')).toEqual(OK);
    client.control().advanceClock(15);
    expect(await type('Typing')).toEqual(OK);
  });

  it('checks command and user', async () => {
    expect((await type('Sing')).errcode).toBe(45072);
    expect((await type('Typing', 'nobody')).errcode).toBe(40003);
  });
});
