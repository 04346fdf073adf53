import { Readable } from 'node:stream';
import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { createTokenClient, TokenServerError, WeixinError } from '@zhongkong/client-sdk';
import { withAccessToken } from '@zhongkong/client-sdk/got';
import { got, type Options, type OptionsInit, type Request, type Response } from 'got';
import { cleanUp } from '../helpers/clean-up.js';
import { API_KEY, APP, startPlatform } from '../helpers/fixtures.js';
import { PNG } from '../helpers/images.js';
import { startRelay } from '../helpers/relay.js';
import { serve } from '../helpers/serve.js';
import { startServer } from '../helpers/test-server.js';

async function start() {
  const platform = await startPlatform();
  const server = await startServer({ platform: platform.url, config: { apps: [APP] } });
  const relay = await startRelay(server.url);
  const tokens = createTokenClient({
    server: relay.url,
    apiKey: API_KEY,
    appId: APP.appId,
    timeoutMs: 2_000,
  });
  cleanUp(() => tokens.close());
  const api = withAccessToken(got.extend({ prefixUrl: platform.url }), tokens);
  const current = await tokens.getAccessToken();
  const callsTo = (path: string) => platform.control.calls({ path });
  return { platform, relay, tokens, api, current, callsTo };
}

const QUOTA = 'cgi-bin/clear_quota';

describe('withAccessToken', () => {
  it('puts the token into the query, beside what is there', async () => {
    const { api, current, callsTo } = await start();
    const answer = await api('cgi-bin/getcallbackip', { searchParams: { lang: 'zh' } }).json();
    expect(answer).toEqual({ ip_list: expect.any(Array) });
    expect(callsTo('/cgi-bin/getcallbackip')).toMatchObject([{ token: current, query: { lang: 'zh' } }]);
  });

  it('heals a dead token with one report and one repetition, body and all', async () => {
    const { platform, api, current, tokens, callsTo } = await start();
    platform.control.revoke({ appId: APP.appId });
    const answer = await api.post(QUOTA, { json: { appid: APP.appId } }).json();
    expect(answer).toMatchObject({ errcode: 0 });
    const calls = callsTo(`/${QUOTA}`);
    expect(calls.map(({ token, errcode }) => [token, errcode])).toEqual([
      [current, 40001],
      [tokens.peek(), 0],
    ]);
    expect(calls[1]?.body).toEqual(calls[0]?.body);
  });

  it.each([40001, 40014, 42001])(
    'repeats once and never again when the platform goes on answering %d',
    async (errcode) => {
      const { platform, api, callsTo } = await start();
      platform.control.addFault({
        kind: 'errcode',
        errcode,
        path: '/cgi-bin/getcallbackip',
        times: 'forever',
      });
      expect(await api('cgi-bin/getcallbackip').json()).toMatchObject({ errcode });
      expect(callsTo('/cgi-bin/getcallbackip')).toHaveLength(2);
      expect(platform.control.counters(APP.appId).tokensIssued.stable).toBe(1);
    },
  );

  it.each([41001, 48001, 61007, 42007])(
    'does nothing about %d, which is no matter of the token',
    async (errcode) => {
      const { platform, api, relay, callsTo } = await start();
      platform.control.addFault({ kind: 'errcode', errcode, path: '/cgi-bin/getcallbackip' });
      expect(await api('cgi-bin/getcallbackip').json()).toMatchObject({ errcode });
      expect(callsTo('/cgi-bin/getcallbackip')).toHaveLength(1);
      expect(relay.requests.filter((line) => line.startsWith('POST'))).toEqual([]);
    },
  );

  it("leaves a request's own token alone, dead or not", async () => {
    const { api, relay, callsTo } = await start();
    const answer = await api('cgi-bin/getcallbackip', { searchParams: { access_token: 'my-own' } }).json();
    expect(answer).toMatchObject({ errcode: 40001 });
    expect(callsTo('/cgi-bin/getcallbackip')).toHaveLength(1);
    expect(relay.requests.filter((line) => line.startsWith('POST'))).toEqual([]);
  });

  it.each([
    ['stream', (text: string) => Readable.from([text])],
    [
      'generator',
      function* (text: string) {
        yield text;
      },
    ],
  ])(
    'does not repeat a body that is a %s, reports the token all the same, and says so',
    async (_kind, bodyOf) => {
      const { platform, api, callsTo } = await start();
      platform.control.revoke({ appId: APP.appId });
      const text = JSON.stringify({ appid: APP.appId });
      const error = await api.post(QUOTA, { body: bodyOf(text) }).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(WeixinError);
      expect(error).toMatchObject({
        errCode: 40001,
        message: expect.stringContaining('cannot be sent twice'),
      });
      expect(callsTo(`/${QUOTA}`)).toHaveLength(1);
      expect(await api.post(QUOTA, { body: bodyOf(text) }).json()).toMatchObject({ errcode: 0 });
    },
  );

  it.each<[string, OptionsInit]>([
    ['text', { body: `{"appid":"${APP.appId}"}` }],
    ['buffer', { body: Buffer.from(`{"appid":"${APP.appId}"}`) }],
    ['view of bytes', { body: new Uint8Array(Buffer.from(`{"appid":"${APP.appId}"}`)) }],
  ])('repeats a body that is a %s', async (_kind, options) => {
    const { platform, api, callsTo } = await start();
    platform.control.revoke({ appId: APP.appId });
    expect(await api.post(QUOTA, { ...options, isStream: false }).json()).toMatchObject({ errcode: 0 });
    expect(callsTo(`/${QUOTA}`).map(({ body }) => body)).toEqual([
      { appid: APP.appId },
      { appid: APP.appId },
    ]);
  });

  it('writes a form of texts and files out a second time', async () => {
    const { platform, api, callsTo } = await start();
    platform.control.revoke({ appId: APP.appId });
    const form = new FormData();
    form.append('media', new File([PNG], 'pixel.png', { type: 'image/png' }));
    const answer = await api
      .post('cgi-bin/media/upload', { searchParams: { type: 'image' }, body: form })
      .json();
    expect(answer).toMatchObject({ media_id: expect.any(String) });
    expect(callsTo('/cgi-bin/media/upload').map(({ errcode }) => errcode)).toEqual([40001, 0]);
  });

  it('repeats a GET that WeChat is too busy for, twice at most, and a POST only when the option allows it', async () => {
    const { platform, api, callsTo } = await start();
    const busy = (path: string, times: number | 'forever') =>
      platform.control.addFault({ kind: 'errcode', errcode: -1, path, times });
    busy('/cgi-bin/getcallbackip', 2);
    expect(await api('cgi-bin/getcallbackip').json()).toHaveProperty('ip_list');
    busy('/cgi-bin/getcallbackip', 'forever');
    expect(await api('cgi-bin/getcallbackip').json()).toMatchObject({ errcode: -1 });
    expect(callsTo('/cgi-bin/getcallbackip')).toHaveLength(6);

    busy(`/${QUOTA}`, 2);
    const json = { appid: APP.appId };
    expect(await api.post(QUOTA, { json }).json()).toMatchObject({ errcode: -1 });
    expect(await api.post(QUOTA, { json, context: { safeToRepeat: true } }).json()).toMatchObject({
      errcode: 0,
    });
    expect(callsTo(`/${QUOTA}`)).toHaveLength(3);
  });

  it('is not drawn into a loop by a platform that answers dead and busy in turn', async () => {
    const { tokens } = await start();
    const codes = [-1, 40001, -1, 42001, -1, 40014];
    let calls = 0;
    const url = await serve((_request, response) => {
      response.end(JSON.stringify({ errcode: codes[calls++ % codes.length], errmsg: '' }));
    });
    await withAccessToken(got.extend({ prefixUrl: url }), tokens)('x').json();
    expect(calls).toBe(4);
  });

  it('takes the token to the first origin only, wherever the platform redirects to', async () => {
    const { tokens, current } = await start();
    const heard: (string | undefined)[] = [];
    const elsewhere = await serve((request, response) => {
      heard.push(request.url);
      response.end('{"errcode":40001}');
    });
    const url = await serve((request, response) => {
      if (request.url?.startsWith('/b')) return void response.end(`{"path":"${request.url}"}`);
      const query = request.url?.split('?')[1];
      const target = request.url?.startsWith('/here') ? '/b' : `${elsewhere}/echo?${query}`;
      response.writeHead(302, { location: target }).end();
    });
    const api = withAccessToken(got.extend({ prefixUrl: url }), tokens);
    expect(await api('here').json()).toEqual({ path: `/b?access_token=${current}` });
    expect(await api('away').json()).toEqual({ errcode: 40001 });
    expect(await api('away', { searchParams: { access_token: 'my-own' } }).text()).toContain('40001');
    expect(heard).toEqual(['/echo', '/echo?access_token=my-own']);
  });

  it('lets nobody see the token: not in an answer, not in an error, whatever is printed', async () => {
    const { tokens, current } = await start();
    const url = await serve((request, response) => {
      if (request.url?.startsWith('/slow')) return;
      if (request.url?.startsWith('/broken')) response.writeHead(500);
      response.end('<html>');
    });
    const api = withAccessToken(got.extend({ prefixUrl: url, retry: { limit: 0 } }), tokens);
    const caught = (work: Promise<unknown>) => work.catch((thrown: unknown) => thrown);
    const seen = [
      await api('fine'),
      await caught(api('fine').json()),
      await caught(api('fine', { responseType: 'json' })),
      await caught(api('broken')),
      await caught(api('slow', { timeout: { request: 50 } })),
    ];
    for (const item of seen) {
      const { options, response, request } = item as {
        options?: Options;
        response?: Response;
        request?: Request;
      };
      const { url: at, requestUrl } = (response ?? item) as Response;
      const addresses = [options?.url, at, requestUrl, request?.options.url, request?.requestUrl].map(String);
      const shown = inspect(item, { depth: 3 }) + String((item as Error).message) + addresses.join();
      expect(shown).not.toContain(current);
    }
    expect(seen.slice(1).map((error) => (error as Error).name)).toEqual([
      'ParseError',
      'ParseError',
      'HTTPError',
      'TimeoutError',
    ]);
  });

  it("gives the platform's own answer when the report fails", async () => {
    const { platform, api, relay } = await start();
    platform.control.revoke({ appId: APP.appId });
    await relay.die();
    expect(await api('cgi-bin/getcallbackip').json()).toMatchObject({ errcode: 40001 });
  });

  it('gives each of many calls at once its own token and its own healing', async () => {
    const { platform, api, current, callsTo } = await start();
    const own = Array.from({ length: 50 }, (_, index) =>
      api('cgi-bin/getcallbackip', {
        searchParams: index % 2 === 0 ? { access_token: `own-${index}` } : {},
      }).json(),
    );
    await Promise.all(own);
    const sent = callsTo('/cgi-bin/getcallbackip').map(({ token }) => token);
    expect(sent.filter((token) => token === current)).toHaveLength(25);
    expect(platform.control.counters(APP.appId).tokensIssued.stable).toBe(1);
  });

  it('throws the error of the token server, and never shows a token in an error', async () => {
    const { platform, relay, api, current } = await start();
    platform.control.addFault({
      kind: 'status',
      status: 500,
      path: '/cgi-bin/getcallbackip',
      times: 'forever',
    });
    const error = await api('cgi-bin/getcallbackip', { retry: { limit: 0 } }).catch(
      (thrown: unknown) => thrown,
    );
    expect(String(error)).toContain('500');
    expect(JSON.stringify(error) + String((error as Error).stack)).not.toContain(current);

    const nobody = createTokenClient({
      server: relay.url,
      apiKey: 'wrong',
      appId: APP.appId,
      updates: 'none',
    });
    const stranger = withAccessToken(got.extend({ prefixUrl: platform.url }), nobody);
    await expect(stranger('cgi-bin/getcallbackip')).rejects.toBeInstanceOf(TokenServerError);
  });
});
