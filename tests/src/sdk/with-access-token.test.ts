import { Readable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { createTokenClient, TokenServerError, withAccessToken } from '@zhongkong/client-sdk';
import { got } from 'got';
import { cleanUp } from '../helpers/clean-up.js';
import { API_KEY, APP, startPlatform } from '../helpers/fixtures.js';
import { startRelay } from '../helpers/relay.js';
import { startServer } from '../helpers/test-server.js';

async function start() {
  const platform = await startPlatform();
  const server = await startServer({ platform: platform.url, config: { apps: [APP] } });
  const relay = await startRelay(server.url);
  const tokens = createTokenClient({ server: relay.url, apiKey: API_KEY, appId: APP.appId, timeoutMs: 500 });
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

  it('does not repeat a body that is a stream, and shows the fault', async () => {
    const { platform, api, callsTo } = await start();
    platform.control.revoke({ appId: APP.appId });
    const body = Readable.from([JSON.stringify({ appid: APP.appId })]);
    expect(await api.post(QUOTA, { body }).json()).toMatchObject({ errcode: 40001 });
    expect(callsTo(`/${QUOTA}`)).toHaveLength(1);
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
    expect(String(error)).toContain('access_token=…');
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
