import { describe, expect, it } from '@jest/globals';
import { accessTokenAnswer, problem } from '@zhongkong/shared/contract';
import request from 'supertest';
import { API_KEY, APP, OTHER_APP, startPlatform } from '../helpers/fixtures.js';
import { startServer } from '../helpers/test-server.js';

const OLD_SYSTEM = 'the-key-of-the-old-system';
const path = `/v1/apps/${APP.appId}/access-token`;

async function start() {
  const platform = await startPlatform();
  const apps = [{ appId: APP.appId, mode: 'external' }, OTHER_APP];
  const clients = [
    { name: 'order-service', key: API_KEY, apps: ['*'] },
    { name: 'old system', key: OLD_SYSTEM, apps: ['*'], scopes: ['token:write', 'admin'] },
  ];
  const server = await startServer({ platform: platform.url, config: { apps, clients } });
  const call = (method: 'get' | 'put' | 'post', url: string, key: string) =>
    request(server.url)[method](url).set('authorization', `Bearer ${key}`);
  const push = (body: object, url = path) => call('put', url, OLD_SYSTEM).send(body);
  const read = () => call('get', path, API_KEY);
  const report = (staleVersion: number) => call('post', `${path}/refresh`, API_KEY).send({ staleVersion });
  const fetched = () => platform.control.foreignRefresh({ appId: APP.appId, endpoint: 'token' });
  return { platform, call, push, read, report, fetched };
}

describe('an app in external mode', () => {
  it('gives out what another system pushes, by versions that grow, and fetches nothing itself', async () => {
    const { platform, push, read, fetched } = await start();
    expect(problem.parse((await read().expect(503)).body).code).toBe('token_unavailable');
    const first = fetched();
    const answer = accessTokenAnswer.parse(
      (await push({ accessToken: first.accessToken, expiresIn: 7200 }).expect(200)).body,
    );
    expect((await read().expect(200)).body).toMatchObject({
      accessToken: first.accessToken,
      version: answer.version,
    });
    await push({ accessToken: fetched().accessToken, expiresIn: 7200 }).expect(200);
    expect((await read()).body.version).toBeGreaterThan(answer.version);
    expect(platform.control.counters(APP.appId).tokensIssued).toMatchObject({ token: 2, stable: 0 });
  });

  it('checks a report, and says that the other system has to push', async () => {
    const { platform, push, read, report, fetched } = await start();
    await push({ accessToken: fetched().accessToken, expiresIn: 7200 });
    const { version } = (await read()).body;
    expect((await report(version).expect(200)).body.reason).toBe('token_still_valid');
    platform.control.revoke({ appId: APP.appId });
    const refused = await report(version).expect(503).expect('retry-after', '5');
    expect(problem.parse(refused.body).detail).toContain('pushed');
    const next = fetched();
    await push({ accessToken: next.accessToken, expiresIn: 7200 });
    expect((await report(version).expect(200)).body).toMatchObject({
      accessToken: next.accessToken,
      reason: 'superseded',
    });
  });

  it('gives out tickets that are fetched with the pushed token', async () => {
    const { call, push, fetched } = await start();
    await push({ accessToken: fetched().accessToken, expiresIn: 7200 });
    const answer = await call('get', `/v1/apps/${APP.appId}/tickets/jsapi`, API_KEY).expect(200);
    expect(answer.body).toMatchObject({ appId: APP.appId, type: 'jsapi', expiresIn: expect.any(Number) });
    await call('get', `/v1/apps/${APP.appId}/tickets/other`, API_KEY).expect(400);
  });

  it('notes each push in the history, without the token', async () => {
    const { call, push, fetched } = await start();
    const { accessToken: token } = fetched();
    await push({ accessToken: token, expiresIn: 7200 });
    const { body, text } = await call('get', `/v1/apps/${APP.appId}/history`, OLD_SYSTEM).expect(200);
    expect(body.entries[0]).toMatchObject({ what: 'push', outcome: 'refreshed', client: 'old system' });
    expect(text).not.toContain(token);
  });

  it('is the only one that takes a token; a key without the scope, and a body that is wrong, change nothing', async () => {
    const { push, call, read } = await start();
    const body = { accessToken: 'some-token', expiresIn: 60 };
    const refused = await push(body, `/v1/apps/${OTHER_APP.appId}/access-token`).expect(409);
    expect(problem.parse(refused.body).code).toBe('conflict');
    await call('put', path, API_KEY).send(body).expect(403);
    for (const wrong of [
      {},
      { ...body, expiresIn: 0 },
      { ...body, accessToken: 'two words' },
      { ...body, more: 1 },
    ]) {
      await push(wrong).expect(400);
    }
    await read().expect(503);
  });
});
