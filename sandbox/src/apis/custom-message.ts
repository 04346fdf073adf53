import type { App } from '../platform/app.js';
import { isRecord, jsonBody, textField } from '../platform/json-body.js';
import { isOpenid } from '../platform/login-codes.js';
import { WechatFault } from '../platform/wechat-fault.js';
import { type Api, OK } from './api.js';

/** The fields that each kind of message must have. */
const kinds: Readonly<Record<string, readonly string[]>> = {
  text: ['content'],
  image: ['media_id'],
  link: ['title', 'description', 'url', 'thumb_url'],
  miniprogrampage: ['title', 'pagepath', 'thumb_media_id'],
};

/** The kinds that official accounts have besides. */
const officialKinds: Readonly<Record<string, readonly string[]>> = {
  voice: ['media_id'],
  video: ['media_id', 'thumb_media_id'],
  music: ['musicurl', 'hqmusicurl', 'thumb_media_id'],
  news: ['articles'],
  mpnews: [],
  mpnewsarticle: ['article_id'],
  msgmenu: ['list'],
  wxcard: ['card_id'],
};

/** @see https://developers.weixin.qq.com/doc/service/en/api/customer/message/api_sendcustommessage */
export const sendCustomMessage: Api = {
  path: '/cgi-bin/message/custom/send',
  methods: ['POST'],
  auth: 'access_token',
  answer({ platform, app, request, nowMs }) {
    const body = jsonBody(request);
    if (!isOpenid(body.touser)) throw new WechatFault(40003);
    checkMessage(app, body, nowMs);
    if (!app.usage.take('custom/send', 'day', platform.limits.customSendPerDay, nowMs)) {
      throw new WechatFault(45009);
    }
    app.user(body.touser).conversation.send(nowMs);
    return { json: OK };
  },
};

/** @see https://developers.weixin.qq.com/doc/service/api/customer/message/api_typing.html */
export const setTyping: Api = {
  path: '/cgi-bin/message/custom/typing',
  methods: ['POST'],
  auth: 'access_token',
  answer({ app, request, nowMs }) {
    const { touser, command } = jsonBody(request);
    if (command !== 'Typing' && command !== 'CancelTyping') throw new WechatFault(45072);
    if (!isOpenid(touser)) throw new WechatFault(40003);
    const { conversation } = app.user(touser);
    if (command === 'Typing') conversation.type(nowMs);
    else conversation.cancelTyping();
    return { json: OK };
  },
};

/** Kind (45162), its object and the fields of it (47001), media that is named (40007). */
function checkMessage(app: App, body: Readonly<Record<string, unknown>>, nowMs: number): void {
  const kind = textField(body, 'msgtype');
  const known = app.config.type === 'official' ? { ...kinds, ...officialKinds } : kinds;
  const fields = Object.hasOwn(known, kind) ? known[kind] : undefined;
  if (!fields) throw new WechatFault(45162);
  const content = body[kind];
  if (!isRecord(content) || fields.some((field) => !content[field])) throw new WechatFault(47001);
  for (const field of fields.filter((name) => name.endsWith('media_id'))) {
    if (!app.media.find(textField(content, field), nowMs)) throw new WechatFault(40007);
  }
}
