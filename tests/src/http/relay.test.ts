import { describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { API_KEY, APP, OTHER_APP, startPlatform } from '../helpers/fixtures.js';
import { readToken } from '../helpers/http.js';
import { startRawUpstream } from '../helpers/raw-upstream.js';
import { startServer } from '../helpers/test-server.js';

const CALL = '/cgi-bin/getcallbackip';

async function start() {
  const platform = await startPlatform();
  const server = await startServer({ platform: platform.url });
  const { accessToken } = await readToken(server.url);
  const get = (path: string) => request(server.url).get(path);
  return { platform, server, accessToken, get };
}

describe('the relay', () => {
  it('passes a call on with the current token, heals it when that is dead, and takes the dead one still', async () => {
    const { platform, accessToken, get } = await start();
    const { body } = await get(`${CALL}?access_token=${accessToken}`).expect(200);
    expect(body.ip_list.length).toBeGreaterThan(0);
    platform.control.revoke({ appId: APP.appId });
    for (let count = 0; count < 2; count += 1) {
      const healed = await get(`${CALL}?access_token=${accessToken}`).expect(200);
      expect(healed.body).toEqual(body);
    }
    expect(platform.control.counters(APP.appId).tokensIssued.stable).toBe(2);
  });

  it.each([
    ['a token of nobody', `${CALL}?access_token=of-nobody`, 40001],
    ['a client key in its place', `${CALL}?access_token=${API_KEY}`, 40001],
    ['no token in it', `${CALL}?access_token=`, 41001],
    ['two tokens', `${CALL}?access_token=a&access_token=b`, 41001],
    ['a second token in disguise', `${CALL}?access_token=a&%61ccess_token=b`, 41001],
  ])('answers a call with %s in WeChat’s form, without asking WeChat', async (_what, path, errcode) => {
    const { platform, get } = await start();
    const answer = await get(path).expect(200).expect('content-type', 'application/json; encoding=utf-8');
    expect(answer.body.errcode).toBe(errcode);
    expect(platform.control.calls({ path: CALL })).toEqual([]);
  });

  it('refuses what takes the secret, and whatever is no path of WeChat’s', async () => {
    const { accessToken, get } = await start();
    for (const path of [
      '/cgi-bin/clear_quota/v2',
      '/cgi-bin//token',
      '/cgi-bin/component/x',
      '/%76%31/apps',
      '/',
    ]) {
      expect([path, (await get(`${path}?access_token=${accessToken}`).expect(200)).body.errcode]).toEqual([
        path,
        40066,
      ]);
    }
  });

  it('never stands for a path of ours, nor for a call without any token', async () => {
    const { accessToken, get } = await start();
    await get(`/v1/apps?access_token=${accessToken}`).expect(401);
    await get(`/proxy/${APP.appId}${CALL}?access_token=${accessToken}`).expect(401);
    await get(`/v1/nothing?access_token=${accessToken}`).expect(404);
    await get('/nothing').expect(404);
  });

  it('leads no redirect to another host, in whatever way it is written', async () => {
    const upstream = await startRawUpstream((_request, response) => response.end());
    const server = await startServer({ platform: upstream.url, config: { apps: [APP, OTHER_APP] } });
    const { accessToken } = await readToken(server.url);
    const locationFor = async (location: string): Promise<string | undefined> => {
      upstream.answer = (_request, response) => response.writeHead(302, { location }).end();
      const answer = await request(server.url).get(`/cgi-bin/a?access_token=${accessToken}`).expect(302);
      return answer.headers.location;
    };
    expect(await locationFor('/cgi-bin/b?c=1')).toBe('/cgi-bin/b?c=1');
    for (const elsewhere of [
      '//evil.example/a',
      '/.//evil.example/a',
      '/a/..//evil.example',
      '\\\\evil.example',
    ])
      expect([elsewhere, await locationFor(elsewhere)]).toEqual([elsewhere, undefined]);
  });
});
