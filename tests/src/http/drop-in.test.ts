import { describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { eventually } from '../helpers/eventually.js';
import { API_KEY, APP, OTHER_APP, startPlatform } from '../helpers/fixtures.js';
import { startRedis } from '../helpers/redis-process.js';
import { startServer } from '../helpers/test-server.js';

const STABLE = '/cgi-bin/stable_token';
const good = { grant_type: 'client_credential', appid: APP.appId, secret: API_KEY };

async function start(mode: 'stable' | 'classic' = 'stable') {
  const platform = await startPlatform();
  const apps = [{ ...APP, mode }, OTHER_APP];
  const server = await startServer({ platform: platform.url, config: { apps } });
  const get = (query: object) => request(server.url).get('/cgi-bin/token').query(query);
  const post = (body: object) => request(server.url).post(STABLE).send(body);
  const read = async (more: object = {}) => (await get({ ...good, ...more }).expect(200)).body;
  const fetched = () => {
    const { token, stable } = platform.control.counters(APP.appId).tokensIssued;
    return token + stable;
  };
  const isAlive = (token: string) => platform.control.checkToken(APP.appId, token) === 0;
  await eventually('a token', async () => (await read()).access_token);
  return { platform, server, get, post, read, fetched, isAlive };
}

describe('the drop-in paths', () => {
  it('answer in the shape of the platform, with a life that brings SDKs back before its overlap ends', async () => {
    const { get, post, isAlive } = await start();
    const answer = await get(good).expect(200).expect('content-type', 'application/json; encoding=utf-8');
    expect(Object.keys(answer.body)).toEqual(['access_token', 'expires_in']);
    expect(answer.body.expires_in).toBe(240);
    expect(isAlive(answer.body.access_token)).toBe(true);
    expect(answer.headers['cache-control']).toBe('no-store');
    const stable = await post(good).expect(200);
    expect(stable.body.access_token).toBe(answer.body.access_token);
  });

  it.each([
    [{ appid: '' }, 41002],
    [{ grant_type: 'authorization_code' }, 40002],
    [{ secret: '' }, 41004],
    [{ secret: 'a-key-of-nobody' }, 40125],
    [{ appid: 'wx0000000000000000' }, 40013],
    [{ appid: OTHER_APP.appId }, 40013],
    [{ force_refresh: 'perhaps' }, 47001],
  ])('tell faults as the platform does: %j is %i', async (wrong, errcode) => {
    const { get, post } = await start();
    for (const answer of [await get({ ...good, ...wrong }), await post({ ...good, ...wrong })]) {
      expect(answer.status).toBe(200);
      expect(answer.headers['content-type']).toBe('application/json; encoding=utf-8');
      expect(answer.body.errcode).toBe(errcode);
      expect(answer.body.errmsg).toMatch(/ rid: [0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}$/);
    }
  });

  it('tell a wrong method, a body that is no JSON, and a key without the scope', async () => {
    const { server } = await start();
    expect((await request(server.url).post('/cgi-bin/token')).body.errcode).toBe(43001);
    expect((await request(server.url).get(STABLE)).body.errcode).toBe(43002);
    expect((await request(server.url).post(STABLE)).body.errcode).toBe(44002);
    for (const body of ['appid=wx', '[1]', 'null', ' '.repeat(20_000)]) {
      const answer = await request(server.url).post(STABLE).set('content-type', 'text/plain').send(body);
      expect(answer.body.errcode).toBe(47001);
    }
    const config = { clients: [{ name: 'pusher', key: API_KEY, apps: ['*'], scopes: ['token:write'] }] };
    const other = await startServer({ platform: 'http://127.0.0.1:9', config });
    expect((await request(other.url).get('/cgi-bin/token').query(good)).body.errcode).toBe(50004);
  });

  it('tell why WeChat gives no token, in WeChat’s own code', async () => {
    const platform = await startPlatform();
    platform.control.setWhitelist(APP.appId, ['203.0.113.9']);
    const server = await startServer({ platform: platform.url });
    const answer = await eventually('the refusal', async () => {
      const { body } = await request(server.url).get('/cgi-bin/token').query(good);
      return body.errcode === 40164 && body;
    });
    expect(answer.errmsg).toMatch(/^invalid ip 127\.0\.0\.1 .* rid: [0-9a-f-]{26}$/);
  });

  it.each(['stable', 'classic'] as const)(
    'a storm of SDKs that come back in %s mode costs one fetch',
    async (mode) => {
      const { platform, read, fetched, isAlive } = await start(mode);
      const stale = (await read()).access_token;
      platform.control.revoke({ appId: APP.appId });
      const answers = await Promise.all(Array.from({ length: 200 }, () => read()));
      const tokens = new Set(answers.map((answer) => answer.access_token));
      expect([...tokens].filter(isAlive)).toHaveLength(1);
      expect(tokens).not.toContain(stale);
      expect(fetched()).toBe(2);
    },
  );

  it('heal what current_token or force_refresh says is dead, and only that', async () => {
    const { platform, read, post, fetched, isAlive } = await start('classic');
    const first = (await read()).access_token;
    expect((await read({ current_token: 'an-older-token' })).access_token).toBe(first);
    expect((await read({ current_token: first })).access_token).toBe(first);
    expect((await post({ ...good, force_refresh: true })).body.access_token).toBe(first);
    expect(fetched()).toBe(1);
    platform.control.revoke({ appId: APP.appId });
    const healed = await eventually('a living token', async () => {
      const { access_token: token } = await read({ current_token: first });
      return isAlive(token) && token;
    });
    expect(healed).not.toBe(first);
    expect(fetched()).toBe(2);
  });

  it('give out tickets to the holder of a token, and to nobody else', async () => {
    const { server, read } = await start();
    const ticket = (query: object) => request(server.url).get('/cgi-bin/ticket/getticket').query(query);
    const { access_token } = await read();
    const first = (await ticket({ access_token, type: 'jsapi' }).expect(200)).body;
    expect(first).toMatchObject({ errcode: 0, errmsg: 'ok', ticket: expect.any(String) });
    expect(first.expires_in).toBeGreaterThan(7_190);
    expect((await ticket({ access_token, type: 'jsapi' })).body.ticket).toBe(first.ticket);
    expect((await ticket({ access_token, type: 'wx_card' })).body.ticket).not.toBe(first.ticket);
    expect((await ticket({ access_token, type: '2' })).body.errcode).toBe(40097);
    expect((await ticket({ access_token: API_KEY, type: 'jsapi' })).body.errcode).toBe(40001);
    expect((await ticket({ type: 'jsapi' })).body.errcode).toBe(41001);
  });

  it('share between servers who was given what: the next read of a failed caller heals, wherever it arrives', async () => {
    const platform = await startPlatform();
    const redis = await startRedis();
    const servers = [
      await startServer({ platform: platform.url, redisUrl: redis.url }),
      await startServer({ platform: platform.url, redisUrl: redis.url }),
    ];
    const read = async (index: number) =>
      (
        await request(servers[index]?.url ?? '')
          .get('/cgi-bin/token')
          .query(good)
      ).body.access_token;
    const first = await read(0);
    platform.control.revoke({ appId: APP.appId });
    const other = await read(1);
    expect(other).not.toBe(first);
    expect(platform.control.checkToken(APP.appId, other)).toBe(0);
  });

  it('tell SDKs with a large margin as much as is configured, and take the token for as long', async () => {
    const platform = await startPlatform();
    const apps = [{ ...APP, policy: { dropInExpiresIn: 3_000 } }, OTHER_APP];
    const long = { name: 'silenceper', key: 'the-key-of-silenceper', apps: ['*'], dropInExpiresIn: 7_200 };
    const clients = [{ name: 'orders', key: API_KEY, apps: ['*'] }, long];
    const server = await startServer({ platform: platform.url, config: { apps, clients } });
    const read = async (query: object) => (await request(server.url).get('/cgi-bin/token').query(query)).body;
    expect((await read(good)).expires_in).toBe(3_000);
    const { access_token: first, expires_in } = await read({ ...good, secret: long.key });
    expect(expires_in).toBeGreaterThan(7_190);
    for (let count = 0; count < 3; count += 1) {
      platform.control.revoke({ appId: APP.appId });
      const stale = (await read({ ...good, current_token: 'another' })).access_token;
      await eventually('another token', async () => {
        return (await read({ ...good, current_token: stale })).access_token !== stale;
      });
    }
    const call = await request(server.url).get(`/cgi-bin/getcallbackip?access_token=${first}`);
    expect(call.body).toMatchObject({ ip_list: expect.any(Array) });
  });

  it('follow the hints of a key that may only read: they cost no living token', async () => {
    const { platform, server, fetched, isAlive } = await start('classic');
    const reader = { ...good, secret: 'the-key-of-the-reader', force_refresh: true };
    const read = async () => (await request(server.url).post(STABLE).send(reader)).body.access_token;
    const first = await read();
    expect(await read()).toBe(first);
    expect(fetched()).toBe(1);
    platform.control.revoke({ appId: APP.appId });
    await eventually('a living token', async () => isAlive(await read()));
    expect(fetched()).toBe(2);
  });
});
