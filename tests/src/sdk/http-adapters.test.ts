import { Readable } from 'node:stream';
import { inspect } from 'node:util';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { createTokenClient, TokenServerError, WeixinError } from '@zhongkong/client-sdk';
import { withAccessToken as withAxios } from '@zhongkong/client-sdk/axios';
import { withAccessToken as withFetch } from '@zhongkong/client-sdk/fetch';
import axios, { type AxiosInstance } from 'axios';
import { cleanUp } from '../helpers/clean-up.js';
import { API_KEY, APP, startPlatform } from '../helpers/fixtures.js';
import { PNG } from '../helpers/images.js';
import { startRelay } from '../helpers/relay.js';
import { startServer } from '../helpers/test-server.js';
import { startWire } from '../helpers/wire.js';

type Body = string | Buffer | FormData | Readable;
/** One request by an adapter; resolves to the answer's text. */
type Send = (path: string, body?: Body, headers?: Record<string, string>) => Promise<string>;

async function start() {
  const platform = await startPlatform();
  const server = await startServer({ platform: platform.url, config: { apps: [APP] } });
  const relay = await startRelay(server.url);
  const wire = await startWire(platform.url);
  const tokens = createTokenClient({ server: relay.url, apiKey: API_KEY, appId: APP.appId, updates: 'none' });
  cleanUp(() => tokens.close());
  const current = await tokens.getAccessToken();
  const errcodes = (path: string) => platform.control.calls({ path }).map(({ errcode }) => errcode);
  const reports = () => relay.requests.filter((line) => line.startsWith('POST')).length;
  return { platform, relay, wire, tokens, current, errcodes, reports };
}

type World = Awaited<ReturnType<typeof start>>;

function axiosOf({ wire, tokens }: World): AxiosInstance {
  return withAxios(axios.create({ baseURL: wire.url, responseType: 'text', transformResponse: [] }), tokens);
}

const ADAPTERS: Record<string, (world: World) => Send> = {
  axios(world) {
    const api = axiosOf(world);
    return async (url, data, headers = {}) =>
      (await api.request({ url, method: data === undefined ? 'get' : 'post', data, headers })).data;
  },
  fetch({ wire, tokens }) {
    const api = withFetch(undefined, tokens);
    return async (path, body, headers = {}) => {
      const half = body instanceof Readable ? { body: Readable.toWeb(body), duplex: 'half' } : { body };
      const init = body === undefined ? {} : { method: 'POST', ...half };
      return (await api(`${wire.url}${path}`, { ...init, headers } as RequestInit)).text();
    };
  },
};

const IP_LIST = '/cgi-bin/getcallbackip';
const QUOTA = '/cgi-bin/clear_quota';
const JSON_TYPE = { 'content-type': 'application/json' };
const QUOTA_BODY = JSON.stringify({ appid: APP.appId });

describe.each(Object.keys(ADAPTERS))('%s with our token', (name) => {
  const open = async () => {
    const world = await start();
    return { ...world, send: (ADAPTERS[name] as (world: World) => Send)(world) };
  };

  it('calls with it, beside the query that is there', async () => {
    const { send, wire, current } = await open();
    expect(JSON.parse(await send(`${IP_LIST}?lang=zh`))).toHaveProperty('ip_list');
    expect(wire.sent).toMatchObject([{ accessToken: current, query: { lang: 'zh' } }]);
  });

  it.each<[string, string, () => Body, Record<string, string>]>([
    ['text', QUOTA, () => QUOTA_BODY, JSON_TYPE],
    ['bytes', QUOTA, () => Buffer.from(QUOTA_BODY), JSON_TYPE],
    [
      'form',
      '/cgi-bin/media/upload?type=image',
      () => {
        const form = new FormData();
        form.append('media', new File([PNG], 'pixel.png', { type: 'image/png' }));
        return form;
      },
      {},
    ],
  ])(
    'heals a dead one with one report and one repetition, with its body of %s',
    async (_kind, path, body, headers) => {
      const { platform, send, errcodes, reports, wire } = await open();
      platform.control.revoke({ appId: APP.appId });
      expect(JSON.parse(await send(path, body(), headers)).errcode ?? 0).toBe(0);
      expect(errcodes(path.split('?')[0] ?? '')).toEqual([40001, 0]);
      expect(reports()).toBe(1);
      expect(wire.sent[1]?.body.length).toBe(wire.sent[0]?.body.length);
    },
  );

  it.each([40001, 40014, 42001])('never repeats more than once: %d', async (errcode) => {
    const { platform, send, errcodes } = await open();
    platform.control.addFault({ kind: 'errcode', errcode, path: IP_LIST, times: 'forever' });
    expect(JSON.parse(await send(IP_LIST))).toMatchObject({ errcode });
    expect(errcodes(IP_LIST)).toEqual([errcode, errcode]);
  });

  it('heals a fault that comes compressed, in place of an image and under another status', async () => {
    const { send, wire, reports } = await open();
    const fault = '{"errcode":42001,"errmsg":"access_token expired"}';
    const answers = [
      { headers: { 'content-encoding': 'gzip' }, body: gzipSync(fault) },
      { body: '{"ip_list":[]}' },
      { headers: { 'content-type': 'image/jpeg' }, body: `\ufeff${fault}` },
      { body: '{"ip_list":[]}' },
      { status: 412, body: fault },
      { body: '{"ip_list":[]}' },
    ];
    wire.answer = () => answers.shift();
    for (let call = 0; call < 3; call += 1)
      expect(JSON.parse((await send(IP_LIST)).replace(/^\ufeff/, ''))).toHaveProperty('ip_list');
    expect(reports()).toBe(3);
  });

  it('does not repeat a body that is a stream, reports the token all the same, and says so', async () => {
    const { platform, send, errcodes, reports } = await open();
    platform.control.revoke({ appId: APP.appId });
    const error = await send(QUOTA, Readable.from([Buffer.from(QUOTA_BODY)]), JSON_TYPE).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(WeixinError);
    expect(String(error)).toContain('cannot be sent twice');
    expect(errcodes(QUOTA)).toEqual([40001]);
    expect(reports()).toBe(1);
  });

  it("leaves a request's own token alone, dead or not", async () => {
    const { send, wire, reports } = await open();
    expect(JSON.parse(await send(`${IP_LIST}?access_token=mine`))).toMatchObject({ errcode: 40001 });
    expect(wire.sent.map(({ accessToken }) => accessToken)).toEqual(['mine']);
    expect(reports()).toBe(0);
  });

  it("gives WeChat's own answer when the report fails, and the server's error when there is no token", async () => {
    const { platform, relay, wire, send } = await open();
    platform.control.revoke({ appId: APP.appId });
    await relay.die();
    expect(JSON.parse(await send(IP_LIST))).toMatchObject({ errcode: 40001 });
    const options = {
      server: relay.url,
      apiKey: 'k',
      appId: APP.appId,
      updates: 'none',
      timeoutMs: 300,
    } as const;
    const stranger = createTokenClient(options);
    cleanUp(() => stranger.close());
    const other = (ADAPTERS[name] as (world: World) => Send)({ wire, tokens: stranger } as World);
    await expect(other(IP_LIST)).rejects.toBeInstanceOf(TokenServerError);
  });

  it('heals many calls at once with one report', async () => {
    const { platform, send, reports } = await open();
    platform.control.revoke({ appId: APP.appId });
    const all = await Promise.all(Array.from({ length: 30 }, () => send(IP_LIST)));
    for (const text of all) expect(JSON.parse(text)).toHaveProperty('ip_list');
    expect(reports()).toBe(1);
  });
});

describe('axios with our token', () => {
  it('lets nobody see the token: not in an answer, not in an error', async () => {
    const world = await start();
    const api = axiosOf(world);
    const seen: unknown[] = [
      await api.get(IP_LIST),
      await api.get(IP_LIST, { params: new URLSearchParams('a=b') }),
    ];
    for (const kind of ['reset', 'torn'] as const) {
      world.wire.answer = () => ({ status: kind === 'reset' ? 500 : 404, body: 'no' });
      seen.push(await api.get(IP_LIST).catch((thrown: unknown) => thrown));
    }
    for (const item of seen)
      expect(inspect(item, { depth: 6 }) + JSON.stringify((item as Error).cause ?? '')).not.toContain(
        world.current,
      );
    expect(JSON.stringify(seen[2])).not.toContain(world.current);
  });
});

describe('fetch with our token', () => {
  it('takes a Request too, shows no token in an answer, and follows no redirect', async () => {
    const { platform, wire, tokens, current, errcodes } = await start();
    const api = withFetch(fetch, tokens);
    platform.control.revoke({ appId: APP.appId });
    const answer = await api(
      new Request(`${wire.url}${QUOTA}`, { method: 'POST', body: QUOTA_BODY, headers: JSON_TYPE }),
    );
    expect(await answer.json()).toMatchObject({ errcode: 0 });
    expect(errcodes(QUOTA)).toEqual([40001, 0]);
    expect(inspect(answer) + answer.url).not.toContain(tokens.peek());
    expect(inspect(answer) + answer.url).not.toContain(current);
    wire.answer = () => ({ status: 302, headers: { location: 'http://127.0.0.1:9/' }, body: '' });
    expect((await api(`${wire.url}${IP_LIST}`)).status).toBe(302);
  });

  it('hands a large answer on without keeping it', async () => {
    const { wire, tokens } = await start();
    const large = Buffer.alloc(5_000_000, '{');
    wire.answer = () => ({ body: new Uint8Array(large) });
    const answer = await withFetch(fetch, tokens)(`${wire.url}/cgi-bin/media/get`);
    expect(Buffer.from(await answer.arrayBuffer()).equals(large)).toBe(true);
  });
});
