import { describe, expect, it } from '@jest/globals';
import CoWechatApi from 'co-wechat-api';
import { OfficialAccount } from 'node-easywechat';
import { API_KEY, APP, startPlatform } from '../helpers/fixtures.js';
import { memoryCache } from '../helpers/memory-cache.js';
import { BUSY_MACHINE_TIMEOUT_MS } from '../helpers/sdk.js';
import { spawnServer } from '../helpers/server-process.js';

const INSTANCES = 20;
const CALLS_EACH = 50;
const IP_LIST = 'cgi-bin/getcallbackip';
const STORM_MS = 90_000;

async function start() {
  const platform = await startPlatform();
  const clients = [{ name: 'foreign', key: API_KEY, apps: ['*'], scopes: ['token:read', 'proxy'] }];
  const server = spawnServer({ platform: platform.url, config: { apps: [APP], clients } });
  const url = await server.ready;
  const fetched = () => {
    const { token, stable } = platform.control.counters(APP.appId).tokensIssued;
    return token + stable;
  };
  return { platform, url, fetched };
}

function instances<T>(create: () => T): T[] {
  return Array.from({ length: INSTANCES }, create);
}

/** Revokes the token, then has every instance call 50 times at once. */
async function storm<T>(
  { platform }: Awaited<ReturnType<typeof start>>,
  all: readonly T[],
  call: (one: T) => Promise<unknown>,
) {
  await Promise.all(all.map(call));
  platform.control.revoke({ appId: APP.appId });
  const calls = all.flatMap((one) => Array.from({ length: CALLS_EACH }, () => call(one)));
  return (await Promise.allSettled(calls)).filter(({ status }) => status === 'fulfilled').length;
}

describe('co-wechat-api, unchanged but for base URL and key, whose token is revoked without overlap', () => {
  const create = (base: string) => {
    const api = new CoWechatApi(APP.appId, API_KEY);
    api.prefix = `${base}/cgi-bin/`;
    api.setOpts({ timeout: BUSY_MACHINE_TIMEOUT_MS });
    return api;
  };

  it(
    'has all of 1,000 calls succeed with one fetch, when only its token comes from here',
    async () => {
      const world = await start();
      const all = instances(() => {
        const api = create(world.url);
        api.wxaPrefix = `${world.platform.url}/wxa/`;
        return api;
      });
      const succeeded = await storm(world, all, (api) => api.getWXACodeUnlimit('id=1', 'pages/index/index'));
      expect(succeeded).toBe(INSTANCES * CALLS_EACH);
      expect(world.fetched()).toBe(2);
    },
    STORM_MS,
  );

  it(
    'has all of 1,000 calls succeed with one fetch, when all of them go through here',
    async () => {
      const world = await start();
      const succeeded = await storm(
        world,
        instances(() => create(world.url)),
        (api) => api.getIp(),
      );
      expect(succeeded).toBe(INSTANCES * CALLS_EACH);
      expect(world.fetched()).toBe(2);
    },
    STORM_MS,
  );
});

describe('node-easywechat, unchanged but for base URL and key, whose token is revoked without overlap', () => {
  const create = (baseURL: string, headers = {}) => {
    const http = { baseURL, headers, timeout: BUSY_MACHINE_TIMEOUT_MS };
    return new OfficialAccount({ app_id: APP.appId, secret: API_KEY, http }).setCache(memoryCache());
  };
  const ipList = async (app: OfficialAccount) => {
    const { ip_list } = (await app.getClient().get(IP_LIST)).toObject();
    if (ip_list === undefined) throw new Error('no addresses');
  };

  it(
    'has all of 1,000 calls succeed with one fetch, when all of them go through here',
    async () => {
      const world = await start();
      expect(
        await storm(
          world,
          instances(() => create(`${world.url}/`)),
          ipList,
        ),
      ).toBe(1_000);
      expect(world.fetched()).toBe(2);
    },
    STORM_MS,
  );

  it(
    'has all of 1,000 calls succeed with one fetch through the proxy, where it needs no token',
    async () => {
      const world = await start();
      const none = { getToken: async () => 'none', toQuery: async () => ({}) };
      const all = instances(() => {
        const headers = { Authorization: `Bearer ${API_KEY}` };
        return create(`${world.url}/proxy/${APP.appId}/`, headers).setAccessToken(none as never);
      });
      expect(await storm(world, all, ipList)).toBe(1_000);
      expect(world.fetched()).toBe(2);
    },
    STORM_MS,
  );

  it(
    'succeeds from its next token read on, when only its token comes from here: it never refreshes by itself',
    async () => {
      const world = await start();
      const caches = new Map<OfficialAccount, ReturnType<typeof memoryCache>>();
      const all = instances(() => {
        const cache = memoryCache();
        const tokens = create(`${world.url}/`).setCache(cache).getAccessToken();
        const app = create(`${world.platform.url}/`).setAccessToken(tokens);
        caches.set(app, cache);
        return app;
      });
      expect(await storm(world, all, ipList)).toBe(0);
      for (const cache of caches.values()) cache.clear();
      const again = await Promise.allSettled(all.map(ipList));
      expect(again.every(({ status }) => status === 'fulfilled')).toBe(true);
      expect(world.fetched()).toBe(2);
    },
    STORM_MS,
  );
});

describe('a call at the root', () => {
  const get = async (url: string) => {
    const response = await fetch(url);
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };

  it('with a token of ours reaches the platform, also with the one before, and never another host or path', async () => {
    const { platform, url } = await start();
    const token = async () => {
      const query = `grant_type=client_credential&appid=${APP.appId}&secret=${API_KEY}`;
      return String((await get(`${url}/cgi-bin/token?${query}`)).body.access_token);
    };
    const before = await token();
    expect((await get(`${url}/${IP_LIST}?access_token=${before}`)).body).toHaveProperty('ip_list');
    platform.control.revoke({ appId: APP.appId });
    expect((await get(`${url}/${IP_LIST}?access_token=${before}`)).body).toHaveProperty('ip_list');
    expect(await token()).not.toBe(before);
    expect((await get(`${url}/${IP_LIST}?access_token=${before}`)).body).toHaveProperty('ip_list');
    for (const path of [
      'cgi-bin/%252e%252e/a',
      '%5cevil.example/a',
      'cgi-bin/clear_quota/v2',
      'cgi-bin/component/x',
    ]) {
      expect((await get(`${url}/${path}?access_token=${before}`)).body.errcode).toBe(40066);
    }
    expect((await get(`${url}/v1/nothing?access_token=${before}`)).body.code).toBe('not_found');
  });

  it('with a token of nobody, or without one, goes nowhere', async () => {
    const { platform, url } = await start();
    const calls = () => platform.control.calls({ path: `/${IP_LIST}` });
    expect((await get(`${url}/${IP_LIST}?access_token=of-nobody`)).body.errcode).toBe(40001);
    expect((await get(`${url}/${IP_LIST}`)).body.errcode).toBe(41001);
    expect(calls()).toEqual([]);
  });
});
