import { createServer, type ServerResponse } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { initWeixin, type TokenSource, type WeixinRequest } from '@zhongkong/client-sdk';
import { withAccessToken } from '@zhongkong/client-sdk/got';
import { got } from 'got';
import { cleanUp } from '../helpers/clean-up.js';
import { freePort } from '../helpers/free-port.js';
import { serve } from '../helpers/serve.js';

const PATH = '/cgi-bin/getcallbackip';
const PAGE = { 'content-type': 'text/html' };

/** What a platform, or something on the way to it, does to one request. */
const TROUBLES = {
  reset: ({ socket }) => void socket?.resetAndDestroy(),
  'hang-up': ({ socket }) => void socket?.destroy(),
  silence: () => {},
  'half an answer': (response) => {
    response.writeHead(200, { 'content-length': 100 }).write('{"ip_list":');
    setTimeout(() => response.socket?.destroy(), 20);
  },
  502: (response) => void response.writeHead(502, PAGE).end('<h1>'),
  503: (response) => void response.writeHead(503, PAGE).end('<h1>'),
  504: (response) => void response.writeHead(504, PAGE).end('<h1>'),
  'errcode -1': (response) => void response.end('{"errcode":-1,"errmsg":"system error"}'),
} satisfies Record<string, (response: ServerResponse) => void>;
type Trouble = keyof typeof TROUBLES;
const NAMES = Object.keys(TROUBLES) as Trouble[];

/** A platform that makes trouble for the first requests and answers the others. */
async function startTroubled(trouble: Trouble, times: number) {
  const sent: { at: number; method: string; token: string | null; body: string }[] = [];
  const url = await serve(async (request, response) => {
    const { searchParams } = new URL(request.url ?? '', 'http://platform');
    const [at, token] = [performance.now(), searchParams.get('access_token')];
    let body = '';
    for await (const chunk of request) body += chunk;
    sent.push({ at, method: request.method ?? '', token, body });
    if (sent.length <= times) TROUBLES[trouble](response);
    else response.end('{"ip_list":["1.2.3.4"]}');
  });
  return { url, sent };
}

const TOKEN = 'the-token';
const TOKENS: TokenSource = { getAccessToken: async () => TOKEN, reportInvalid: async () => TOKEN };

type Settings = { readonly timeoutMs?: number };
type Send = (method: 'GET' | 'POST', safeToRepeat?: boolean) => Promise<unknown>;

/** Each way of calling, as one function. */
const FORMS: Readonly<Record<string, (url: string, settings?: Settings) => Send>> = {
  initWeixin: (url, settings) => sendBy(url, { accessToken: TOKEN, ...settings }),
  "initWeixin with a call's own token": (url, settings) => sendBy(url, settings, { accessToken: TOKEN }),
  withAccessToken: (baseUrl, { timeoutMs = 1_000 } = {}) => {
    const api = withAccessToken(got.extend({ timeout: { request: timeoutMs } }), TOKENS);
    return (method, safeToRepeat) => {
      const json = method === 'POST' ? { json: { a: 1 } } : {};
      const context = safeToRepeat === undefined ? {} : { safeToRepeat };
      return api(`${baseUrl}${PATH}`, { method, ...json, context }).json();
    };
  },
};

function sendBy(baseUrl: string, settings: object = {}, own: Partial<WeixinRequest> = {}): Send {
  const weixin = initWeixin({ appId: 'wx', baseUrl, timeoutMs: 1_000, ...settings });
  cleanUp(() => weixin.close());
  return (method, safeToRepeat) => {
    const json = method === 'POST' ? { json: { a: 1 } } : {};
    return weixin.request({ method, path: PATH, ...json, ...own, safeToRepeat });
  };
}

const failureOf = (work: Promise<unknown>) =>
  work.then(
    (result) => ('errcode' in (result as object) ? result : undefined),
    (error: Error) => error,
  );

describe.each(Object.keys(FORMS))('a call by %s', (form) => {
  const open = (url: string, settings?: Settings) => (FORMS[form] as (typeof FORMS)[string])(url, settings);

  it.each(NAMES)('that is a GET is sent again after %s, with its token', async (trouble) => {
    const { url, sent } = await startTroubled(trouble, 1);
    expect(await open(url)('GET')).toHaveProperty(form === 'withAccessToken' ? 'ip_list' : 'ipList');
    expect(sent.map(({ token }) => token)).toEqual([TOKEN, TOKEN]);
  });

  it.each(NAMES)('that is a POST is sent once whatever happens: %s', async (trouble) => {
    const { url, sent } = await startTroubled(trouble, 1);
    expect(await failureOf(open(url, { timeoutMs: 300 })('POST'))).toBeDefined();
    expect(sent).toHaveLength(1);
  });

  it.each(['reset', 503, 'errcode -1'] as const)(
    'that is a POST and is said to be safe is sent again after %s, body and all',
    async (trouble) => {
      const { url, sent } = await startTroubled(trouble, 1);
      await open(url)('POST', true);
      expect(sent.map(({ body }) => body)).toEqual(['{"a":1}', '{"a":1}']);
    },
  );

  it('that is a GET and is said not to be safe is sent once', async () => {
    const { url, sent } = await startTroubled('reset', 1);
    expect(await failureOf(open(url)('GET', false))).toBeDefined();
    expect(sent).toHaveLength(1);
  });

  it('is sent three times at most, further and further apart', async () => {
    const { url, sent } = await startTroubled('reset', 9);
    expect(await failureOf(open(url, { timeoutMs: 2_000 })('GET'))).toBeDefined();
    const [first = 0, second = 0, third = 0] = sent.map(({ at }) => at);
    expect(sent).toHaveLength(3);
    expect(second - first).toBeGreaterThanOrEqual(250);
    expect(third - second).toBeGreaterThanOrEqual(500);
  });

  it('that meets a refused connection is sent again, and arrives when somebody listens', async () => {
    const port = await freePort();
    const answer = open(`http://127.0.0.1:${port}`)('GET');
    const server = createServer((_request, response) => response.end('{"ip_list":[]}'));
    setTimeout(() => server.listen(port, '127.0.0.1'), 100);
    cleanUp(() => {
      server.closeAllConnections();
      server.close();
    });
    expect(await answer).toBeDefined();
  });

  it('that nobody ever answers ends after twice its time-out', async () => {
    const { url, sent } = await startTroubled('silence', 9);
    const startedAt = performance.now();
    expect(await failureOf(open(url, { timeoutMs: 600 })('GET'))).toBeInstanceOf(Error);
    const tookMs = performance.now() - startedAt;
    expect(tookMs).toBeGreaterThanOrEqual(1_100);
    expect(sent).toHaveLength(2);
  });
});

describe('a call by withAccessToken', () => {
  it("is repeated as often as got's retry.limit says", async () => {
    for (const limit of [0, 1]) {
      const { url, sent } = await startTroubled('reset', 9);
      const api = withAccessToken(got.extend({ retry: { limit } }), TOKENS);
      await expect(api(`${url}${PATH}`)).rejects.toMatchObject({ code: 'ECONNRESET' });
      expect(sent).toHaveLength(limit + 1);
    }
  });

  it('writes a form out again, and sends a used-up stream once', async () => {
    const { url, sent } = await startTroubled('reset', 1);
    const api = withAccessToken(got, TOKENS);
    const form = new FormData();
    form.append('field', 'the value');
    await api.post(url, { body: form, context: { safeToRepeat: true } });
    expect(sent).toHaveLength(2);
    expect(sent.every(({ body }) => /\r\nthe value\r\n/.test(body))).toBe(true);

    const other = await startTroubled('reset', 1);
    function* generator() {
      yield 'text';
    }
    const stream = api.post(other.url, { body: generator(), context: { safeToRepeat: true } });
    await expect(stream).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(other.sent).toHaveLength(1);
  });

  it('waits as long as a gateway asks for, if there is time for it', async () => {
    for (const [seconds, calls] of [
      [1, 2],
      [60, 1],
    ] as const) {
      const sent: number[] = [];
      const url = await serve((_request, response) => {
        sent.push(performance.now());
        if (sent.length > 1) return void response.end('{}');
        response.writeHead(503, { 'retry-after': String(seconds) }).end();
      });
      await withAccessToken(got, TOKENS)(url).catch(() => {});
      expect(sent).toHaveLength(calls);
      if (calls > 1) expect((sent[1] ?? 0) - (sent[0] ?? 0)).toBeGreaterThanOrEqual(990);
    }
  });
});

describe('initWeixin', () => {
  it.each<[string, number]>([
    ['msgSecCheck', 2],
    ['getUnlimited', 2],
    ['get', 1],
    ['code2Session', 1],
    ['send', 1],
    ['scanQRCode', 1],
  ])('sends %s %d times when the first answer is lost', async (name, times) => {
    const { url, sent } = await startTroubled('reset', 1);
    const weixin = initWeixin({ appId: 'wx', secret: 's', accessToken: TOKEN, baseUrl: url });
    cleanUp(() => weixin.close());
    const calls: Record<string, () => Promise<unknown>> = {
      msgSecCheck: () => weixin.security.msgSecCheck({ content: 'x', scene: 2, openid: 'o' }),
      getUnlimited: () => weixin.wxacode.getUnlimited({ scene: 'x' }),
      get: () => weixin.wxacode.get({ path: 'p' }),
      code2Session: () => weixin.auth.code2Session('code'),
      send: () =>
        weixin.customerServiceMessage.send({ touser: 'o', msgtype: 'text', text: { content: 'x' } }),
      scanQRCode: () => weixin.img.scanQRCode({ imgUrl: 'https://example.com/a.png' }),
    };
    await calls[name]?.().catch(() => {});
    expect(sent).toHaveLength(times);
  });

  it('asks for a token again after a network fault and after errcode -1, and forces none twice', async () => {
    for (const trouble of ['reset', 'errcode -1'] as const) {
      const { url, sent } = await startTroubled(trouble, 1);
      const weixin = initWeixin({ appId: 'wx', secret: 's', baseUrl: url });
      cleanUp(() => weixin.close());
      await weixin.auth.getAccessToken().catch(() => {});
      expect(sent.map(({ method }) => method)).toEqual(['POST', 'POST']);
    }
  });
});
