import { describe, expect, it } from '@jest/globals';
import { codeToSessionAnswer, problem } from '@zhongkong/shared/contract';
import request from 'supertest';
import { APP, OTHER_APP, startPlatform } from '../helpers/fixtures.js';
import { startRawUpstream } from '../helpers/raw-upstream.js';
import { CLIENTS, startServer } from '../helpers/test-server.js';

const KEY = 'the-key-of-the-login-service';
const clients = [...CLIENTS, { name: 'login', key: KEY, apps: [APP.appId], scopes: ['login'] }];
const CODE = 'a1b2c3d4e5f6a1b2c3d4e5f6a1b2c3d4';

async function start(platform: string, apps: object[] = [APP, OTHER_APP]) {
  const server = await startServer({ platform, config: { clients, apps } });
  return (body: object, key = KEY, appId = APP.appId) =>
    request(server.url)
      .post(`/v1/apps/${appId}/code2session`)
      .set('authorization', `Bearer ${key}`)
      .send(body);
}

describe('POST /v1/apps/{appId}/code2session', () => {
  it('200: tells who the user is, and forbids to store it', async () => {
    const platform = await startPlatform();
    const login = await start(platform.url);
    const response = await login({ jsCode: CODE }).expect(200).expect('cache-control', 'no-store');
    const { appId, openid, sessionKey } = codeToSessionAnswer.parse(response.body);
    expect([appId, openid.length, Buffer.from(sessionKey, 'base64').length]).toEqual([APP.appId, 28, 16]);
    expect(response.text).not.toContain(APP.secret);
  });

  it('502: passes on what WeChat says of a code that was used before, and what to do', async () => {
    const platform = await startPlatform();
    const login = await start(platform.url);
    await login({ jsCode: CODE }).expect(200);
    const response = await login({ jsCode: CODE }).expect(502);
    expect(problem.parse(response.body)).toMatchObject({ code: 'upstream_rejected', errcode: 40163 });
    expect(response.body.errmsg).toMatch(/^code been used/);
    expect(response.body.detail).toContain('wx.login again');
  });

  it('never shows the secret, not even when WeChat repeats it', async () => {
    const upstream = await startRawUpstream((asked, response) => {
      response.end(JSON.stringify({ errcode: 40125, errmsg: `invalid appsecret in ${asked.url}` }));
    });
    const login = await start(upstream.url);
    const response = await login({ jsCode: 'x&secret=y' }).expect(502);
    expect(upstream.seen[0]?.url).toContain(`secret=${APP.secret}`);
    expect(upstream.seen[0]?.url).toContain('js_code=x%26secret%3Dy');
    expect(response.text).not.toContain(APP.secret);
    expect(response.body.errmsg).toContain('secret=***');
  });

  it.each([
    ['hangs up', 503, { kind: 'reset' }],
    ['is a gateway’s page', 503, { kind: 'status' }],
    ['is empty', 503, { kind: 'empty' }],
    ['is torn', 503, { kind: 'torn' }],
    ['never comes', 503, { kind: 'hang' }],
    ['says that it is busy', 503, { kind: 'errcode', errcode: -1 }],
  ] as const)('when the answer %s: %d', async (_what, status, fault) => {
    const platform = await startPlatform();
    const login = await start(platform.url, [{ ...APP, policy: { upstreamTimeout: 0.5 } }, OTHER_APP]);
    platform.control.addFault({ ...fault, path: '/sns/jscode2session' });
    const response = await login({ jsCode: CODE }).expect(status);
    expect(problem.parse(response.body).code).toBe('upstream_unavailable');
    expect(response.headers['retry-after']).toBe('1');
    expect(response.text).not.toContain(APP.secret);
  });

  it('409: says that an app without a secret cannot do that', async () => {
    const platform = await startPlatform();
    const login = await start(platform.url, [{ appId: APP.appId, mode: 'external' }, OTHER_APP]);
    expect(problem.parse((await login({ jsCode: CODE }).expect(409)).body).code).toBe('conflict');
  });

  it.each([
    [{}, KEY, APP.appId, 400],
    [{ jsCode: '' }, KEY, APP.appId, 400],
    [{ jsCode: CODE, secret: 'x' }, KEY, APP.appId, 400],
    [{ jsCode: CODE }, 'the-key-of-the-reader', APP.appId, 403],
    [{ jsCode: CODE }, KEY, OTHER_APP.appId, 403],
    [{ jsCode: CODE }, 'nobody', APP.appId, 401],
  ])('%j with %s for %s is %d', async (body, key, appId, status) => {
    const platform = await startPlatform();
    const login = await start(platform.url);
    expect(problem.parse((await login(body, key, appId).expect(status)).body).status).toBe(status);
    expect(platform.control.calls({ path: '/sns/jscode2session' })).toHaveLength(0);
  });
});
