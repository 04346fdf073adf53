import { describe, expect, it } from '@jest/globals';
import { accessTokenAnswer, problem } from '@zhongkong/shared/contract';
import request from 'supertest';
import { API_KEY, APP, OTHER_APP, startPlatform } from '../helpers/fixtures.js';
import { startServer } from '../helpers/test-server.js';

const path = `/v1/apps/${APP.appId}/access-token`;

async function start() {
  const platform = await startPlatform();
  const server = await startServer({ platform: platform.url });
  const get = (url: string, key: string | null = API_KEY) => {
    const asked = request(server.url).get(url);
    return key === null ? asked : asked.set('authorization', `Bearer ${key}`);
  };
  return { platform, server, get };
}

describe('GET /v1/apps/{appId}/access-token', () => {
  it('200: gives the token with what is left of its life, and forbids to store it', async () => {
    const { platform, get } = await start();
    const response = await get(path).expect(200).expect('cache-control', 'no-store');
    const answer = accessTokenAnswer.parse(response.body);
    expect(response.headers.etag).toBe(`"${answer.version}"`);
    expect(answer).toMatchObject({ appId: APP.appId, refreshIn: 60 });
    expect(answer.expiresIn).toBeGreaterThan(7190);
    expect(Math.abs(Date.parse(answer.expiresAt) - Date.now() - answer.expiresIn * 1000)).toBeLessThan(2_000);
    expect(platform.control.checkToken(APP.appId, answer.accessToken)).toBe(0);
  });

  it('304: says that nothing is new when the current version is named', async () => {
    const { get } = await start();
    const { headers } = await get(path).expect(200);
    const again = await get(path).set('if-none-match', String(headers.etag)).expect(304);
    expect(again.text).toBe('');
    await get(path).set('if-none-match', '"1"').expect(200);
  });

  it('304: is understood by fetch, which asks for no cached answer, and in every form of the header', async () => {
    const { server, get } = await start();
    const { headers } = await get(path).expect(200);
    const { etag = '' } = headers;
    const ask = async (ifNoneMatch: string) => {
      const authorization = `Bearer ${API_KEY}`;
      const answer = await fetch(`${server.url}${path}`, {
        headers: { authorization, 'if-none-match': ifNoneMatch },
      });
      await answer.text();
      return [answer.status, answer.headers.get('etag')];
    };
    for (const same of [etag, `W/${etag}`, `"1", ${etag}`, `"a,b" , W/"2",W/${etag}`, '*']) {
      expect([same, ...(await ask(same))]).toEqual([same, 304, etag]);
    }
    for (const other of ['"1"', etag.slice(1, -1), `"1${etag.slice(1)}`, 'W/', ',', `"${etag},"`]) {
      expect([other, ...(await ask(other))]).toEqual([other, 200, etag]);
    }
  });

  it.each([
    ['without a key', null],
    ['with an unknown key', 'some-key'],
    ['with the hash of a key', '8f434346648f6b96df89dda901c5176b10a6d83961dd3c1ac88b59b2dc327aa4'],
  ])('401 %s', async (_name, key) => {
    const { get } = await start();
    const response = await get(path, key)
      .expect(401)
      .expect('content-type', /application\/problem\+json/);
    expect(problem.parse(response.body)).toMatchObject({ code: 'unauthorized', status: 401 });
    expect(response.headers['www-authenticate']).toMatch(/^Bearer/);
    expect(JSON.stringify(response.body)).not.toContain(String(key));
  });

  it('403: tells a client nothing about an app that is not its own, there or not', async () => {
    const { get } = await start();
    const [other, none] = [
      await get(`/v1/apps/${OTHER_APP.appId}/access-token`),
      await get('/v1/apps/wx1/access-token'),
    ];
    expect([other.status, none.status]).toEqual([403, 403]);
    expect(other.body).toEqual(none.body);
    expect(problem.parse(other.body).code).toBe('forbidden');
  });

  it('404: tells a client of all apps that there is no such app', async () => {
    const { get } = await start();
    const response = await get('/v1/apps/wx1/access-token', 'the-key-of-the-reader').expect(404);
    expect(problem.parse(response.body).code).toBe('unknown_app');
  });

  it('404 and 405: have problem documents too', async () => {
    const { server, get } = await start();
    expect(problem.parse((await get('/v1/nothing').expect(404)).body).code).toBe('not_found');
    const refused = await request(server.url).delete(path).expect(405).expect('allow', 'GET, PUT');
    expect(problem.parse(refused.body).code).toBe('method_not_allowed');
    await get('/v1/apps/%E0%A4%A/access-token').expect(400);
  });

  it('502: says why when WeChat refuses, without the secret', async () => {
    const platform = await startPlatform();
    platform.control.setWhitelist(APP.appId, ['203.0.113.9']);
    const server = await startServer({ platform: platform.url });
    const response = await request(server.url)
      .get(path)
      .set('authorization', `Bearer ${API_KEY}`)
      .expect(502);
    expect(problem.parse(response.body)).toMatchObject({ code: 'upstream_rejected', errcode: 40164 });
    expect(response.body.detail).toContain('whitelist');
    expect(response.text).not.toContain(APP.secret);
  });

  it('503: says when to come back while WeChat cannot be reached', async () => {
    const server = await startServer({ platform: 'http://127.0.0.1:9' });
    const response = await request(server.url)
      .get(path)
      .set('authorization', `Bearer ${API_KEY}`)
      .expect(503);
    expect(problem.parse(response.body).code).toBe('upstream_unavailable');
    expect(Number(response.headers['retry-after'])).toBeGreaterThanOrEqual(1);
  });
});

describe('GET /healthz and /readyz', () => {
  it('say that the server runs and is ready', async () => {
    const { get } = await start();
    await get(path).expect(200);
    await get(`/v1/apps/${OTHER_APP.appId}/access-token`, 'the-key-of-the-reader').expect(200);
    await get('/healthz', null).expect(200, { status: 'ok' });
    await get('/readyz', null).expect(200, { status: 'ready', redis: 'reachable', apps: [] });
  });

  it('stay good while one app of two has a token, and say which has none, and why, but no more to strangers', async () => {
    const platform = await startPlatform();
    platform.control.setSecret(OTHER_APP.appId, 'another-secret');
    const server = await startServer({ platform: platform.url });
    await request(server.url).get(path).set('authorization', `Bearer ${API_KEY}`).expect(200);
    await request(server.url)
      .get(`/v1/apps/${OTHER_APP.appId}/access-token`)
      .set('authorization', 'Bearer the-key-of-the-reader')
      .expect(502);
    const apps = [
      { appId: OTHER_APP.appId, code: 'token_unavailable', kind: 'misconfigured', errcode: 40125 },
    ];
    const get = (query: string) => request(server.url).get(`/readyz${query}`);
    expect((await get('').expect(200)).body).toEqual({ status: 'ready', redis: 'reachable', apps });
    await get(`?app=${APP.appId}`).expect(200, { status: 'ready', redis: 'reachable', apps: [] });
    const lacking = await get(`?app=${OTHER_APP.appId}`).expect(503).expect('retry-after', '1');
    expect(lacking.body).toEqual({ status: 'not_ready', redis: 'reachable', apps });
    expect((await get('?app=wx1').expect(503)).body.apps).toEqual([{ appId: 'wx1', code: 'unknown_app' }]);
  });
});
