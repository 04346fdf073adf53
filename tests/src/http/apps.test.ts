import { describe, expect, it } from '@jest/globals';
import { fingerprint } from '@zhongkong/shared';
import { appStatus, appStatusList, historyAnswer, problem } from '@zhongkong/shared/contract';
import request from 'supertest';
import { eventually } from '../helpers/eventually.js';
import { API_KEY, APP, OTHER_APP, startPlatform } from '../helpers/fixtures.js';
import { readToken, reportToken } from '../helpers/http.js';
import { CLIENTS, startServer } from '../helpers/test-server.js';

const ADMIN = 'the-key-of-the-operator';
const clients = [
  ...CLIENTS,
  { name: 'operator', key: ADMIN, apps: ['*'], scopes: ['admin'] },
  { name: 'half-operator', key: 'half-operator', apps: [APP.appId], scopes: ['admin'] },
];

async function start(config: Record<string, unknown> = {}) {
  const platform = await startPlatform();
  const server = await startServer({ platform: platform.url, config: { clients, ...config } });
  const first = await readToken(server.url);
  const get = (path: string, key = ADMIN) =>
    request(server.url).get(path).set('authorization', `Bearer ${key}`);
  return { platform, server, first, get };
}

describe('GET /v1/apps/{appId}', () => {
  it('tells where an app stands, with a fingerprint in the place of the token', async () => {
    const { get, first } = await start();
    const { body, text } = await get(`/v1/apps/${APP.appId}`).expect(200);
    expect(appStatus.parse(body)).toMatchObject({
      appId: APP.appId,
      mode: 'stable',
      phase: 'fresh',
      version: first.version,
      fingerprint: fingerprint(first.accessToken),
      expiresAt: first.expiresAt,
      budgets: [{ budget: 'forced', used: 0, limit: 20, almostUsedUp: false }],
      lastFault: null,
      conflict: null,
    });
    expect(Date.parse(body.nextRefreshAt)).toBeLessThan(Date.parse(body.expiresAt));
    expect(text).not.toContain(first.accessToken);
    expect(text).not.toContain(APP.secret);
  });

  it('tells the last fault with a hint in both languages, and the address that WeChat saw', async () => {
    const platform = await startPlatform();
    platform.control.setWhitelist(APP.appId, ['203.0.113.9']);
    const server = await startServer({ platform: platform.url, config: { clients } });
    const status = await eventually('the fault', async () => {
      const { body } = await request(server.url)
        .get(`/v1/apps/${APP.appId}`)
        .set('authorization', `Bearer ${ADMIN}`);
      return body.lastFault && appStatus.parse(body);
    });
    expect(status.phase).toBe('missing');
    expect(status.lastFault).toMatchObject({ kind: 'misconfigured', errcode: 40164, failures: 1 });
    expect(status.lastFault?.hint?.en).toMatch(/whitelist.*127\.0\.0\.1$/);
    expect(status.lastFault?.hint?.zh).toMatch(/白名单.*127\.0\.0\.1$/);
  });

  it('warns before the end of a budget is reached', async () => {
    const { platform, get, server, first } = await start({
      apps: [{ ...APP, mode: 'classic' }],
      policy: { dailyBudget: 5, passiveCooldown: 0 },
    });
    let { version } = first;
    for (let round = 0; round < 3; round += 1) {
      platform.control.revoke({ appId: APP.appId });
      ({ version } = await reportToken(server.url, { staleVersion: version }));
    }
    const { body } = await get(`/v1/apps/${APP.appId}`).expect(200);
    expect(body.budgets).toEqual([{ budget: 'fetches', used: 4, limit: 5, almostUsedUp: true }]);
  });

  it.each([
    [`/v1/apps/${APP.appId}`, API_KEY, 403],
    ['/v1/apps', API_KEY, 403],
    [`/v1/apps/${OTHER_APP.appId}`, 'half-operator', 403],
    ['/v1/apps/wx1', ADMIN, 404],
    [`/v1/apps/${APP.appId}`, 'nobody', 401],
  ])('%s with the key %s is %d', async (path, key, status) => {
    const { get } = await start();
    expect(problem.parse((await get(path, key).expect(status)).body).status).toBe(status);
  });
});

describe('GET /v1/apps', () => {
  it('lists the apps that the client may see', async () => {
    const { get } = await start();
    const all = appStatusList.parse((await get('/v1/apps').expect(200)).body);
    expect(all.apps.map(({ appId }) => appId)).toEqual([APP.appId, OTHER_APP.appId]);
    const half = appStatusList.parse((await get('/v1/apps', 'half-operator').expect(200)).body);
    expect(half.apps.map(({ appId }) => appId)).toEqual([APP.appId]);
  });
});

describe('GET /v1/apps/{appId}/history', () => {
  it('tells every fetch and every report: why, who, what was answered, and the tokens by fingerprint', async () => {
    const { platform, server, first, get } = await start();
    platform.control.revoke({ appId: APP.appId });
    const healed = await reportToken(server.url, { staleVersion: first.version, errcode: 40001 });
    await reportToken(server.url, { staleToken: first.accessToken });
    const path = `/v1/apps/${APP.appId}/history`;
    const { body, text } = await eventually('four entries', async () => {
      const answer = await get(path).expect(200);
      return answer.body.entries.length === 4 && answer;
    });
    const [before, after] = [fingerprint(first.accessToken), fingerprint(healed.accessToken)];
    expect(historyAnswer.parse(body).entries).toMatchObject([
      {
        what: 'report',
        outcome: 'superseded',
        client: 'order-service',
        fingerprintBefore: after,
        fingerprintAfter: after,
      },
      {
        what: 'report',
        outcome: 'refreshed',
        client: 'order-service',
        errcode: 40001,
        fingerprintBefore: before,
        fingerprintAfter: after,
      },
      {
        what: 'refresh',
        outcome: 'refreshed',
        reason: 'passive',
        client: 'order-service',
        forced: false,
        fingerprintBefore: before,
        fingerprintAfter: after,
      },
      { what: 'refresh', outcome: 'refreshed', reason: 'bootstrap', fingerprintAfter: before },
    ]);
    for (const secret of [first.accessToken, healed.accessToken, APP.secret, API_KEY])
      expect(text).not.toContain(secret);

    const page = (await get(`${path}?limit=2`).expect(200)).body.entries;
    expect(page).toEqual(body.entries.slice(0, 2));
    const rest = await get(`${path}?limit=2&before=${page[1].id}`).expect(200);
    expect(rest.body.entries).toEqual(body.entries.slice(2));
  });

  it('tells a fetch that failed, with what WeChat answered', async () => {
    const { platform, server, first, get } = await start();
    platform.control.revoke({ appId: APP.appId });
    platform.control.freeze(APP.appId);
    await reportToken(server.url, { staleVersion: first.version }).catch(() => {});
    const entries = await eventually('the fault', async () => {
      const { body } = await get(`/v1/apps/${APP.appId}/history`);
      return body.entries.length === 3 && body.entries;
    });
    expect(
      entries.find(
        ({ outcome, what }: { outcome: string; what: string }) => what === 'refresh' && outcome === 'failed',
      ),
    ).toMatchObject({
      reason: 'passive',
      errcode: 40243,
      client: 'order-service',
    });
  });

  it.each(['limit=0', 'limit=501', 'limit=x', 'before=yesterday', 'page=2'])(
    '400: refuses ?%s',
    async (query) => {
      const { get } = await start();
      const { body } = await get(`/v1/apps/${APP.appId}/history?${query}`).expect(400);
      expect(problem.parse(body).code).toBe('invalid_request');
    },
  );
});

describe('GET /metrics', () => {
  it('gives Prometheus text to any valid key: fetches, reports, lives and budgets, under our prefix, without secrets', async () => {
    const { platform, server, first, get } = await start();
    platform.control.revoke({ appId: APP.appId });
    const healed = await reportToken(server.url, { staleVersion: first.version });
    const { text, headers } = await get('/metrics', 'the-key-of-the-reader').expect(200);
    expect(headers['content-type']).toMatch(/^text\/plain/);
    for (const line of [
      `zhongkong_fetches_total{app="${APP.appId}",kind="access-token",reason="passive",outcome="ok"} 1`,
      `zhongkong_reports_total{app="${APP.appId}",client="order-service",outcome="refreshed"} 1`,
      `zhongkong_verifications_total{app="${APP.appId}",verdict="dead"} 1`,
      `zhongkong_token_version{app="${APP.appId}"} ${healed.version}`,
      `zhongkong_budget_limit{app="${APP.appId}",budget="forced"} 20`,
      `zhongkong_conflict{app="${APP.appId}"} 0`,
      'zhongkong_redis_reachable 1',
    ]) {
      expect(text.split('\n')).toContain(line);
    }
    expect(text).toContain('route="/v1/apps/:appId/access-token/refresh"');
    const names = [...text.matchAll(/^([a-z_]+)[{ ]/gm)].map(([, name]) => name);
    expect(names.filter((name) => !name?.startsWith('zhongkong_'))).toEqual([]);
    for (const secret of [healed.accessToken, APP.secret, API_KEY]) expect(text).not.toContain(secret);
    await request(server.url).get('/metrics').expect(401);
  });
});
