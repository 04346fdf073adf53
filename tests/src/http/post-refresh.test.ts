import { describe, expect, it } from '@jest/globals';
import { type AccessTokenAnswer, problem, refreshAnswer } from '@zhongkong/shared/contract';
import request from 'supertest';
import { API_KEY, APP, startPlatform } from '../helpers/fixtures.js';
import { startServer } from '../helpers/test-server.js';

async function start(policy: Record<string, number> = {}, mode = 'stable') {
  const platform = await startPlatform();
  const config = { apps: [{ ...APP, mode }], policy };
  const server = await startServer({ platform: platform.url, config });
  const key = `Bearer ${API_KEY}`;
  const path = `/v1/apps/${APP.appId}/access-token`;
  const current: AccessTokenAnswer = (
    await request(server.url).get(path).set('authorization', key).expect(200)
  ).body;
  const report = (body: object) =>
    request(server.url).post(`${path}/refresh`).set('authorization', key).send(body);
  const issued = () => {
    const { stable, token } = platform.control.counters(APP.appId).tokensIssued;
    return stable + token;
  };
  return { platform, current, report, issued, url: `${server.url}${path}/refresh` };
}

describe('POST /v1/apps/{appId}/access-token/refresh', () => {
  it('200: replaces a dead token, once', async () => {
    const { platform, current, report, issued } = await start();
    platform.control.revoke({ appId: APP.appId });
    const response = await report({ staleVersion: current.version, errcode: 40001 }).expect(200);
    const answer = refreshAnswer.parse(response.body);
    expect(response.headers['cache-control']).toBe('no-store');
    expect(answer.refreshed).toBe(true);
    expect(answer.reason).toBeUndefined();
    expect(answer.version).toBeGreaterThan(current.version);
    expect(platform.control.checkToken(APP.appId, answer.accessToken)).toBe(0);
    expect(issued()).toBe(2);
  });

  it.each(['reset', 'empty', 'torn', 'status', 'lost'] as const)(
    '200: one answer of WeChat that gets lost (%s) costs a report or a read no more than time',
    async (kind) => {
      const { platform, current, report } = await start();
      platform.control.revoke({ appId: APP.appId });
      platform.control.addFault({ kind, path: '/cgi-bin/stable_token', times: 1 });
      const answer = refreshAnswer.parse((await report({ staleVersion: current.version }).expect(200)).body);
      expect(platform.control.checkToken(APP.appId, answer.accessToken)).toBe(0);
      const other = await startPlatform();
      other.control.addFault({ kind, path: '/cgi-bin/stable_token', times: 1 });
      const server = await startServer({ platform: other.url });
      await request(server.url)
        .get(`/v1/apps/${APP.appId}/access-token`)
        .set('authorization', `Bearer ${API_KEY}`)
        .expect(200);
    },
  );

  it.each(['staleVersion', 'staleToken'] as const)(
    '200: gives a client that is behind, by %s, the current token at no cost',
    async (name) => {
      const { platform, current, report } = await start();
      const stale =
        name === 'staleVersion' ? { staleVersion: current.version - 1 } : { staleToken: 'some-old-token' };
      const { body } = await report(stale).expect(200);
      expect(refreshAnswer.parse(body)).toMatchObject({
        version: current.version,
        accessToken: current.accessToken,
        refreshed: false,
        reason: 'superseded',
      });
      expect(platform.control.counters(APP.appId).verifications).toBe(0);
    },
  );

  it('200: says that a token is still valid, after a check', async () => {
    const { platform, current, report, issued } = await start();
    const { body } = await report({ staleToken: current.accessToken }).expect(200);
    expect(body).toMatchObject({ refreshed: false, reason: 'token_still_valid', version: current.version });
    expect(platform.control.counters(APP.appId).verifications).toBe(1);
    expect(issued()).toBe(1);
  });

  it('200 with Retry-After: says that it cools down', async () => {
    const { platform, current, report, issued } = await start({ passiveBurst: 1 }, 'classic');
    platform.control.revoke({ appId: APP.appId });
    const { version } = (await report({ staleVersion: current.version }).expect(200)).body;
    platform.control.revoke({ appId: APP.appId });
    const response = await report({ staleVersion: version }).expect(200);
    expect(response.body).toMatchObject({ refreshed: false, reason: 'cooldown', version });
    const retryAfter = Number(response.headers['retry-after']);
    expect(retryAfter).toBeGreaterThan(20);
    expect(retryAfter).toBeLessThanOrEqual(30);
    expect(issued()).toBe(2);
  });

  it('heals by itself what was reported during the cooldown, as soon as that is over', async () => {
    const { platform, current, report, issued } = await start(
      { passiveBurst: 1, passiveCooldown: 2 },
      'classic',
    );
    platform.control.revoke({ appId: APP.appId });
    const { version } = (await report({ staleVersion: current.version }).expect(200)).body;
    platform.control.revoke({ appId: APP.appId });
    await report({ staleVersion: version }).expect(200);
    const healed = await report({ staleVersion: version }).retry(0);
    expect(healed.body.reason).toBe('cooldown');
    while (issued() === 2) await new Promise((resolve) => setTimeout(resolve, 20));
    expect((await report({ staleVersion: version }).expect(200)).body).toMatchObject({
      reason: 'superseded',
    });
  });

  it.each([
    ['nothing', {}],
    ['two names', { staleVersion: 1, staleToken: 'x' }],
    ['a wrong type', { staleVersion: 'one' }],
    ['a fraction', { staleVersion: 1.5 }],
    ['an unknown key', { staleVersion: 1, force: true }],
    ['an empty token', { staleToken: '' }],
  ])('400: refuses %s and says what is wrong', async (_name, body) => {
    const { report } = await start();
    const response = await report(body).expect(400);
    expect(problem.parse(response.body)).toMatchObject({ code: 'invalid_request' });
    expect(response.body.detail).toMatch(/^The body is not valid: /);
  });

  it.each([
    ['no JSON', 'application/json', '{"staleVersion":', 400],
    ['a body in another type', 'text/plain', 'staleVersion=1', 400],
    ['a body that is too large', 'application/json', JSON.stringify({ staleToken: 'x'.repeat(20_000) }), 413],
  ])('4xx: refuses %s', async (_name, type, body, status) => {
    const { url } = await start();
    const headers = { authorization: `Bearer ${API_KEY}`, 'content-type': type };
    const response = await fetch(url, { method: 'POST', headers, body });
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toMatch(/application\/problem\+json/);
  });

  it('403: is not for a client that may only read', async () => {
    const { url } = await start();
    const response = await request(url)
      .post('')
      .set('authorization', 'Bearer the-key-of-the-reader')
      .send({ staleVersion: 1 });
    expect(response.status).toBe(403);
  });

  it('503: says when to come back while WeChat cannot be reached', async () => {
    const { platform, current, report } = await start();
    platform.control.addFault({ kind: 'reset', times: 'forever' });
    const response = await report({ staleVersion: current.version }).expect(503);
    expect(problem.parse(response.body).code).toBe('upstream_unavailable');
    expect(Number(response.headers['retry-after'])).toBeGreaterThanOrEqual(1);
  });

  it('502: says why when WeChat refuses the fetch', async () => {
    const { platform, current, report } = await start();
    platform.control.revoke({ appId: APP.appId });
    platform.control.freeze(APP.appId);
    const response = await report({ staleVersion: current.version }).expect(502);
    expect(problem.parse(response.body)).toMatchObject({ code: 'upstream_rejected', errcode: 40243 });
  });
});
