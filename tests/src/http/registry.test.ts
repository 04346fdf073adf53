import { describe, expect, it } from '@jest/globals';
import { createKeys } from '@zhongkong/jobs';
import { fingerprint } from '@zhongkong/shared';
import {
  appStatus,
  appStatusList,
  auditAnswer,
  clientList,
  newClient,
  newKey,
  registeredClient,
} from '@zhongkong/shared/contract';
import request from 'supertest';
import { readEvents } from '../helpers/event-reader.js';
import { eventually } from '../helpers/eventually.js';
import { APP, OTHER_APP, startPlatform } from '../helpers/fixtures.js';
import { type RedisProcess, startRedis } from '../helpers/redis-process.js';
import { CLIENTS, startServer } from '../helpers/test-server.js';

const ADMIN = 'the-key-of-the-operator';
const clients = [
  ...CLIENTS,
  { name: 'operator', key: ADMIN, apps: ['*'], scopes: ['admin', 'token:read'] },
  { name: 'half-operator', key: 'the-key-of-half-an-operator', apps: [APP.appId], scopes: ['admin'] },
];
/** An app that the file does not name, but WeChat knows. */
const NEW = OTHER_APP;
const SOON_MS = 1_500;

type Method = 'get' | 'put' | 'post' | 'delete';

/** Two servers on one Redis; the file names the first app only. */
async function start() {
  const [redis, platform] = await Promise.all([startRedis(), startPlatform()]);
  const options = { platform: platform.url, redisUrl: redis.url, config: { apps: [APP], clients } };
  const [one, two] = await Promise.all([startServer(options), startServer(options)]);
  const ask =
    (url: string) =>
    (method: Method, path: string, body?: object, key = ADMIN) => {
      const asked = request(url)[method](path).set('authorization', `Bearer ${key}`);
      return body === undefined ? asked : asked.send(body);
    };
  return { redis, platform, one, two, ask: ask(one.url), askOther: ask(two.url) };
}

const appPath = `/v1/apps/${NEW.appId}`;
const tokenPath = `${appPath}/access-token`;

/** Waits until the status is that, as it must be everywhere within a second. */
function soon(what: string, ask: () => PromiseLike<{ status: number }>, status: number) {
  return eventually(what, async () => (await ask()).status === status, SOON_MS);
}

/** Where Redis still names the new app, the lists of what was changed apart. */
async function namesOf(redis: RedisProcess): Promise<string[]> {
  const lines = (await redis.dump()).split('\n');
  return lines.flatMap((line, index) => {
    const isList = /:(?:audit|changes)$/.test(lines[index - 1] ?? '');
    return line.includes(NEW.appId) && !isList ? [lines[index - 1] ?? '', line] : [];
  });
}

describe('an app of the registry', () => {
  it('is created, changed, paused, resumed and removed while the servers run, and both know it within a second', async () => {
    const { ask, askOther, platform, redis } = await start();
    const created = await ask('put', appPath, { secret: NEW.secret, name: '商城' }).expect(201);
    expect(appStatus.parse(created.body)).toMatchObject({
      appId: NEW.appId,
      name: '商城',
      source: 'api',
      mode: 'stable',
      paused: false,
      secretFingerprint: fingerprint(NEW.secret),
    });
    const first = await ask('get', tokenPath).expect(200);
    await soon('the other server knows it', () => askOther('get', tokenPath), 200);
    expect((await askOther('get', tokenPath)).body.accessToken).toBe(first.body.accessToken);

    const changed = await ask('put', appPath, {
      policy: { refreshLead: 100, dailyBudget: 50 },
      mode: 'classic',
    });
    expect(appStatus.parse(changed.body)).toMatchObject({
      name: '商城',
      mode: 'classic',
      policy: { refreshLead: 100, dailyBudget: 50 },
    });
    await ask('put', appPath, { policy: { refreshLead: null } }).expect(200);
    const other = await eventually(
      'the other server has the change',
      async () => {
        const { body } = await askOther('get', appPath);
        return body.policy?.dailyBudget === 50 && body.policy.refreshLead === 900 && body;
      },
      SOON_MS,
    );
    expect(other.mode).toBe('classic');

    await ask('put', appPath, { paused: true }).expect(200);
    const before = platform.control.counters(NEW.appId).tokensIssued;
    platform.control.revoke({ appId: NEW.appId });
    const report = await ask('post', `${tokenPath}/rotate`, {});
    expect(report.status).toBe(409);
    expect(platform.control.counters(NEW.appId).tokensIssued).toEqual(before);
    await ask('put', appPath, { paused: false }).expect(200);

    await ask('delete', appPath).expect(204);
    await ask('get', tokenPath).expect(404);
    await soon('the other server has forgotten it', () => askOther('get', tokenPath), 404);
    await eventually('only the lists of changes name it', async () => (await namesOf(redis)).length === 0);
    await ask('delete', appPath).expect(404);
  });

  it('keeps its token while a new secret is tried: a wrong one changes nothing, a right one is used', async () => {
    const { ask, platform } = await start();
    await ask('put', appPath, { secret: 'not-the-secret' }).expect(422);
    await ask('get', appPath).expect(404);
    await ask('put', appPath, { secret: NEW.secret }).expect(201);
    const { body: first } = await ask('get', tokenPath).expect(200);
    const refused = await ask('put', appPath, { secret: 'not-the-secret' }).expect(422);
    expect(refused.body).toMatchObject({ code: 'upstream_rejected', errcode: 40125 });
    expect(refused.text).not.toContain('not-the-secret');
    expect((await ask('get', appPath)).body.secretFingerprint).toBe(fingerprint(NEW.secret));
    expect((await ask('get', tokenPath)).body.accessToken).toBe(first.accessToken);

    const secret = 'the-next-secret-of-the-app';
    platform.control.setSecret(NEW.appId, secret);
    await ask('put', appPath, { secret }).expect(200);
    await ask('put', `${appPath}?try=false`, { secret: 'taken-untried' }).expect(200);
    expect((await ask('get', appPath)).body.secretFingerprint).toBe(fingerprint('taken-untried'));
  });

  it('goes on giving out its token through every change of the mode', async () => {
    const { ask } = await start();
    await ask('put', appPath, { secret: NEW.secret }).expect(201);
    for (const mode of ['classic', 'external', 'stable', 'external', 'classic']) {
      await ask('put', appPath, { mode }).expect(200);
      const { body } = await ask('get', tokenPath).expect(200);
      expect(body.expiresIn).toBeGreaterThan(0);
    }
  });

  it.each([
    ['an app of the file', `/v1/apps/${APP.appId}`, { name: 'x' }, ADMIN, 409, 'conflict'],
    ['a new app without a secret', appPath, { name: 'x' }, ADMIN, 400, 'invalid_request'],
    ['an unknown field', appPath, { secret: 's', appSecret: 's' }, ADMIN, 400, 'invalid_request'],
    [
      'a policy that is out of bounds',
      appPath,
      { policy: { forceBudget: 21 } },
      ADMIN,
      400,
      'invalid_request',
    ],
    ['an app id with strange characters', '/v1/apps/wx%20', { secret: 's' }, ADMIN, 400, 'invalid_request'],
    ['an app of somebody else', appPath, { secret: 's' }, 'the-key-of-half-an-operator', 403, 'forbidden'],
    ['a key without the scope', appPath, { secret: 's' }, 'the-key-of-the-reader', 403, 'forbidden'],
  ])('%s is refused', async (_name, path, body, key, status, code) => {
    const { ask } = await start();
    expect((await ask('put', path, body, key).expect(status)).body.code).toBe(code);
    if (path === appPath) await ask('get', appPath).expect(404);
  });

  it('is found among many by pages, text and phase', async () => {
    const { ask } = await start();
    const ids = Array.from({ length: 7 }, (_one, index) => `wxmany${index}`);
    for (const id of ids)
      await ask('put', `/v1/apps/${id}`, { mode: 'external', name: `shop ${id}` }).expect(201);
    const seen: string[] = [];
    let after = '';
    do {
      const { body } = await ask('get', `/v1/apps?limit=3&q=SHOP${after}`).expect(200);
      const page = appStatusList.parse(body);
      seen.push(...page.apps.map(({ appId }) => appId));
      after = page.next === null ? '' : `&after=${page.next}`;
    } while (after !== '');
    expect(seen).toEqual(ids);
    const missing = await ask('get', '/v1/apps?phase=missing');
    expect(missing.body.apps).toHaveLength(ids.length);
  });
});

describe('a rotation that an operator asks for', () => {
  it('brings a new token, says what is left of the budget, and stands in history and audit', async () => {
    const { ask } = await start();
    const path = `/v1/apps/${APP.appId}/access-token`;
    const { body: first } = await ask('get', path).expect(200);
    const kept = await ask('post', `${path}/rotate`, {}).expect(200);
    expect(kept.body).toMatchObject({
      refreshed: false,
      reason: 'token_still_valid',
      version: first.version,
    });
    const forced = await ask('post', `${path}/rotate`, { force: true }).expect(200);
    expect(forced.body).toMatchObject({
      refreshed: true,
      budgets: [{ budget: 'forced', used: 1, limit: 20, almostUsedUp: false }],
    });
    expect(forced.body.version).toBeGreaterThan(first.version);
    const again = await ask('post', `${path}/rotate`, { force: true }).expect(200);
    expect(again.body).toMatchObject({ refreshed: false, reason: 'cooldown' });
    expect(Number(again.headers['retry-after'])).toBeGreaterThan(0);
    const { body: history } = await ask('get', `/v1/apps/${APP.appId}/history`);
    expect(history.entries[0]).toMatchObject({ reason: 'manual', client: 'operator', forced: true });
    const audit = auditAnswer.parse((await ask('get', '/v1/audit').expect(200)).body);
    expect(audit.entries[0]).toMatchObject({ action: 'token.rotate', target: APP.appId, client: 'operator' });
    expect(JSON.stringify(audit)).not.toContain(first.accessToken);
  });
});

describe('a client of the registry', () => {
  const orders = { name: 'orders', apps: [APP.appId] };
  const ownPath = `/v1/apps/${APP.appId}/access-token`;

  it('gets its key once; every server knows it within a second, and forgets it within a second', async () => {
    const { ask, askOther, redis, two } = await start();
    const created = newClient.parse((await ask('post', '/v1/clients', orders).expect(201)).body);
    expect(created.key).toMatch(/^zk_[A-Za-z0-9_-]{37}$/);
    expect(created).toMatchObject({ name: 'orders', source: 'api', scopes: ['token:read', 'token:refresh'] });
    await ask('get', ownPath, undefined, created.key).expect(200);
    await soon('the other server knows the key', () => askOther('get', ownPath, undefined, created.key), 200);
    expect(await redis.dump()).not.toContain(created.key);
    const listed = await eventually('its use is known', async () => {
      const page = clientList.parse((await ask('get', '/v1/clients?q=orders')).body);
      return page.clients[0]?.lastUsedAt != null && page;
    });
    expect(JSON.stringify(listed)).not.toContain(created.key);

    const stream = await readEvents(two.url, { key: created.key });
    expect(stream.status).toBe(200);
    const second = newKey.parse((await ask('post', `/v1/clients/${created.id}/keys`).expect(201)).body);
    await ask('post', `/v1/clients/${created.id}/keys`).expect(409);
    await soon('both keys count', () => askOther('get', ownPath, undefined, second.key), 200);
    const [old] = created.keys;
    await ask('delete', `/v1/clients/${created.id}/keys/${old?.id}`).expect(204);
    await ask('get', ownPath, undefined, created.key).expect(401);
    await soon('the old key is refused', () => askOther('get', ownPath, undefined, created.key), 401);
    await stream.ended;
    await askOther('get', ownPath, undefined, second.key).expect(200);

    await ask('delete', `/v1/clients/${created.id}`).expect(204);
    await soon('the client is gone', () => askOther('get', ownPath, undefined, second.key), 401);
    await ask('delete', `/v1/clients/${created.id}`).expect(404);
    const { entries } = auditAnswer.parse((await ask('get', '/v1/audit?limit=4')).body);
    expect(entries.map(({ action }) => action)).toEqual([
      'client.remove',
      'key.revoke',
      'key.create',
      'client.create',
    ]);
    expect(JSON.stringify(entries)).not.toContain(second.key);
  });

  it('loses and gains rights without a restart, and its key ends at its time', async () => {
    const { ask, askOther, one } = await start();
    const { body: created } = await ask('post', '/v1/clients', { ...orders, scopes: ['token:read'] }).expect(
      201,
    );
    const stream = await readEvents(one.url, { key: created.key });
    const path = `/v1/clients/${created.id}`;
    await ask('put', path, { scopes: ['token:refresh'] }).expect(200);
    await stream.ended;
    await ask('get', ownPath, undefined, created.key).expect(403);
    await soon('the other server knows', () => askOther('get', ownPath, undefined, created.key), 403);
    const expiresAt = new Date(Date.now() + 1_000).toISOString();
    const { body } = await ask('put', path, { scopes: ['token:read'], expiresAt }).expect(200);
    expect(registeredClient.parse(body).expiresAt).toBe(expiresAt);
    expect((await ask('get', '/metrics')).text).toMatch(
      /zhongkong_client_expires_in_seconds\{client="[^"]+"\} 0\n/,
    );
    await eventually('the key has ended', async () => {
      return (await ask('get', ownPath, undefined, created.key)).status === 401;
    });
    await ask('put', path, { expiresAt: null }).expect(200);
    await ask('get', ownPath, undefined, created.key).expect(200);
  });

  it.each([
    ['a name that the file has', { ...orders, name: 'operator' }, 409],
    ['an app that nobody knows', { ...orders, apps: ['wxnobody'] }, 400],
    ['an unknown scope', { ...orders, scopes: ['root'] }, 400],
    ['an end that is over', { ...orders, expiresAt: '2020-01-01T00:00:00Z' }, 400],
    ['no apps', { ...orders, apps: [] }, 400],
  ])('is refused with %s', async (_name, body, status) => {
    const { ask } = await start();
    await ask('post', '/v1/clients', body).expect(status);
    expect((await ask('get', '/v1/clients?q=orders')).body.clients).toEqual([]);
  });

  it('is one, however many create it at once; those of the file are changed there only', async () => {
    const { ask, askOther } = await start();
    const tries = await Promise.all(
      [ask, askOther, ask, askOther].map((send) => send('post', '/v1/clients', orders)),
    );
    expect(tries.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409]);
    const { body } = await ask('get', '/v1/clients?q=reader');
    expect(body.clients).toMatchObject([{ name: 'reader', source: 'file', createdAt: null }]);
    const [{ id }] = body.clients;
    await ask('delete', `/v1/clients/${id}`).expect(409);
    await ask('post', `/v1/clients/${id}/keys`).expect(409);
    await ask('get', '/v1/clients', undefined, 'the-key-of-half-an-operator').expect(403);
    await ask('get', '/v1/audit', undefined, 'the-key-of-half-an-operator').expect(403);
  });
});

describe('the registry', () => {
  it('is whole again after Redis has lost its data, and after a restart', async () => {
    const { ask, redis, platform } = await start();
    await ask('put', appPath, { secret: NEW.secret }).expect(201);
    const { body: created } = await ask('post', '/v1/clients', { name: 'orders', apps: ['*'] }).expect(201);
    await (await redis.connect()).flushall();
    await eventually('it is stored again', async () => (await redis.dump()).includes('registry'));
    const third = await startServer({
      platform: platform.url,
      redisUrl: redis.url,
      config: { apps: [APP], clients },
    });
    const read = (url: string) =>
      request(url).get(tokenPath).set('authorization', `Bearer ${created.key}`).expect(200);
    await read(third.url);
    const dump = await redis.dump();
    for (const secret of [NEW.secret, created.key]) expect(dump).not.toContain(secret);
  });

  it('leaves nothing of an app in Redis that stands in no configuration file any more', async () => {
    const { redis, platform, one, two } = await start();
    const options = { platform: platform.url, redisUrl: redis.url };
    const both = await startServer({ ...options, config: { apps: [APP, NEW], clients } });
    await eventually('the app has its token', async () =>
      (await namesOf(redis)).some((key) => key.includes(':data')),
    );
    await Promise.all([one.stop(), two.stop(), both.stop()]);
    const commands = await redis.connect();
    // As if the file had named it for the last time yesterday.
    await commands.zadd(createKeys('zhongkong', 0).fileApps, Date.now() - 86_400_000, NEW.appId);
    await startServer({ ...options, config: { apps: [APP], clients } });
    await eventually('nothing is left', async () => (await namesOf(redis)).length === 0);
  });
});
