import { describe, expect, it } from '@jest/globals';
import { problem } from '@zhongkong/shared/contract';
import { API_KEY, APP, startPlatform } from '../helpers/fixtures.js';
import { startServer } from '../helpers/test-server.js';

const CHINESE = /[一-鿿]/;
const TOKEN = `/v1/apps/${APP.appId}/access-token`;
const json = (body: string): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body,
});

/** One request for each place at which a request can be refused. */
const REFUSED: readonly [what: string, path: string, init?: RequestInit][] = [
  ['no key', TOKEN, { headers: { authorization: '' } }],
  ['a wrong key', TOKEN, { headers: { authorization: 'Bearer nobody' } }],
  ['another app', '/v1/apps/wxfedcba9876543210/access-token'],
  ['an unknown app', '/v1/events?apps=wx0000000000000000'],
  ['another scope', '/v1/apps'],
  ['no such path', '/v1/nothing'],
  ['a path that cannot be decoded', '/v1/apps/%ff/access-token'],
  ['another method', TOKEN, { method: 'DELETE' }],
  ['a query that is not taken', '/v1/events?what=1'],
  ['a query that a check of ours refuses', '/v1/events?apps=,'],
  ['no JSON', `${TOKEN}/refresh`, json('{')],
  ['another type of body', `${TOKEN}/refresh`, { method: 'POST', body: 'text' }],
  ['a wrong type of field', `${TOKEN}/refresh`, json('{"staleVersion":"x"}')],
  ['no field', `${TOKEN}/refresh`, json('{}')],
  ['a long body', `${TOKEN}/refresh`, json(JSON.stringify({ staleToken: 'x'.repeat(20_000) }))],
  ['a path that the proxy refuses', `/proxy/${APP.appId}/cgi-bin/token`],
  ['a path that WeChat has not', `/proxy/${APP.appId}/a%2fb`],
  ['a method that the proxy refuses', `/proxy/${APP.appId}/cgi-bin/getcallbackip`, { method: 'PROPFIND' }],
];

async function start() {
  const platform = await startPlatform();
  const clients = [
    { name: 'c', key: API_KEY, apps: [APP.appId], scopes: ['token:read', 'token:refresh', 'proxy'] },
  ];
  const { url } = await startServer({ platform: platform.url, config: { clients } });
  return async (path: string, init: RequestInit = {}, language?: string) => {
    const answer = await fetch(`${url}${path}`, {
      ...init,
      headers: {
        authorization: `Bearer ${API_KEY}`,
        ...init.headers,
        ...(language === undefined ? {} : { 'accept-language': language }),
      },
    });
    return { headers: answer.headers, text: await answer.text() };
  };
}

describe('a problem', () => {
  it('is written in Chinese for those who ask for it, whatever is refused, and in English for all others', async () => {
    const ask = await start();
    for (const [what, path, init] of REFUSED) {
      const [zh, en] = [await ask(path, init, 'zh-CN,zh;q=0.9,en;q=0.8'), await ask(path, init, 'fr')];
      const [chinese, english] = [problem.parse(JSON.parse(zh.text)), problem.parse(JSON.parse(en.text))];
      expect([what, chinese.code, chinese.status]).toEqual([what, english.code, english.status]);
      expect(chinese.title).toMatch(CHINESE);
      expect(chinese.detail).toMatch(CHINESE);
      expect(`${english.title} ${english.detail}`).not.toMatch(CHINESE);
      expect([zh, en].map(({ headers }) => headers.get('content-language'))).toEqual(['zh-CN', 'en']);
      expect([zh, en].map(({ headers }) => headers.get('vary'))).toEqual([
        'Accept-Language',
        'Accept-Language',
      ]);
    }
  });

  it('names each fault of what was sent in the language of the caller', async () => {
    const ask = await start();
    const detailOf = async (path: string, init?: RequestInit) =>
      problem.parse(JSON.parse((await ask(path, init, 'zh')).text)).detail;
    expect(await detailOf('/v1/events?apps=,')).toBe(
      '查询参数无效：apps: 必须是 appId，多个之间用逗号分隔。',
    );
    expect(await detailOf(`${TOKEN}/refresh`, json('{"staleVersion":"x","a":1}'))).toMatch(
      /^请求体无效：staleVersion: 无效输入.*；出现未知的键/,
    );
  });

  it('has the language that the caller likes best of both', async () => {
    const ask = await start();
    const languageFor = async (accepted?: string) =>
      (await ask('/v1/nothing', {}, accepted)).headers.get('content-language');
    for (const english of ['en', 'en-GB', 'fr', 'ja, en', 'zh;q=0.1, en', 'zh;q=0', '', ',;=', '*'])
      expect([english, await languageFor(english)]).toEqual([english, 'en']);
    for (const chinese of ['zh', 'zh-TW', 'zh-Hans-CN', 'fr, zh;q=0.5', 'en;q=0.1, zh', 'ZH-cn'])
      expect([chinese, await languageFor(chinese)]).toEqual([chinese, 'zh-CN']);
  });

  it('of a drop-in path keeps the shape of WeChat in any language', async () => {
    const ask = await start();
    const { text, headers } = await ask(
      '/cgi-bin/token?grant_type=client_credential&appid=x&secret=y',
      {},
      'zh',
    );
    expect(JSON.parse(text)).toEqual({
      errcode: expect.any(Number),
      errmsg: expect.not.stringMatching(CHINESE),
    });
    expect(headers.get('content-language')).toBeNull();
  });
});
