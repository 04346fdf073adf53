import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { describe, expect, it } from '@jest/globals';
import { fingerprint } from '@zhongkong/shared';
import { type AppStatus, appStatus, newClient, newKey } from '@zhongkong/shared/contract';
import { Agent, fetch as undiciFetch } from 'undici';
import { sdkCall, startLoad } from '../helpers/calls-under-load.js';
import { cleanUp } from '../helpers/clean-up.js';
import { eventually } from '../helpers/eventually.js';
import { API_KEY, APP, OTHER_APP, startPlatform } from '../helpers/fixtures.js';
import { startRedis } from '../helpers/redis-process.js';
import { makeSelfSigned } from '../helpers/self-signed.js';
import { spawnServer } from '../helpers/server-process.js';
import { tempFolder } from '../helpers/temp-folder.js';

/** The promise is a second; the rest is for a machine that is busy with the load. */
const SOON_MS = 2_000;
const CALLERS = 6;
const ADMIN = 'the-key-of-the-operator';
const config = {
  apps: [APP],
  clients: [
    { name: 'shop', key: API_KEY, apps: ['*'] },
    { name: 'operator', key: ADMIN, apps: ['*'], scopes: ['admin', 'token:read'] },
  ],
};

/** Three servers with a certificate on one Redis, and services that embed the SDK and call WeChat without end. */
async function startWorld() {
  const [platform, redis] = await Promise.all([startPlatform(), startRedis()]);
  const pair = makeSelfSigned();
  const folders = [tempFolder(), tempFolder(), tempFolder()];
  const servers = folders.map((dataDir) =>
    spawnServer({
      platform: platform.url,
      redisUrl: redis.url,
      config,
      dataDir,
      environment: { TLS_CERT: pair.certificate, TLS_KEY: pair.key },
    }),
  );
  const urls = await Promise.all(servers.map(({ ready }) => ready));
  const dispatcher = new Agent({ connect: { rejectUnauthorized: false } });
  cleanUp(() => dispatcher.destroy());
  const ownFetch = ((url: string, init: object) =>
    undiciFetch(url, { ...init, dispatcher })) as unknown as typeof fetch;

  async function ask(url: string, method: string, path: string, body?: object, key = ADMIN) {
    const answer = await ownFetch(`${url}${path}`, {
      method,
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, body: text === '' ? undefined : (JSON.parse(text) as object) };
  }
  const change = (method: string, path: string, body?: object) => ask(urls[0] ?? '', method, path, body);

  /** Waits until it is so on each server. */
  async function everywhere(what: string, isSo: (url: string) => Promise<boolean>): Promise<void> {
    const startedAt = performance.now();
    await Promise.all(urls.map((url) => eventually(what, () => isSo(url), SOON_MS)));
    console.info(`${what}: after ${Math.round(performance.now() - startedAt)} ms`);
  }
  const readsWith = (key: string, appId: string) => async (url: string) =>
    (await ask(url, 'GET', `/v1/apps/${appId}/access-token`, undefined, key)).status;
  const call = (appId: string, apiKey: string, place: number) =>
    sdkCall({
      server: [...urls.slice(place % urls.length), ...urls.slice(0, place % urls.length)],
      platform: platform.url,
      appId,
      apiKey,
      fetch: ownFetch,
    });
  const load = (appId = APP.appId, apiKey = API_KEY) =>
    startLoad(Array.from({ length: CALLERS }, (_, place) => call(appId, apiKey, place)));
  const status = async (url: string, appId: string): Promise<AppStatus> =>
    appStatus.parse((await ask(url, 'GET', `/v1/apps/${appId}`)).body);
  return { platform, pair, folders, servers, urls, change, everywhere, readsWith, load, status };
}

/** The fingerprint of the certificate that a new connection is shown. */
async function certificateOf(url: string): Promise<string> {
  const socket = connect({ port: Number(new URL(url).port), rejectUnauthorized: false });
  await once(socket, 'secureConnect');
  const { fingerprint256 } = socket.getPeerCertificate();
  socket.destroy();
  return fingerprint256;
}

describe('three servers under a load of SDK clients', () => {
  it('take an app in, change its policy and its secret, refuse a wrong one, and remove it', async () => {
    const { platform, urls, change, everywhere, readsWith, load, status } = await startWorld();
    const [path, reads] = [`/v1/apps/${OTHER_APP.appId}`, readsWith(ADMIN, OTHER_APP.appId)];
    const others = load();
    expect((await change('PUT', path, { secret: OTHER_APP.secret })).status).toBe(201);
    await everywhere('the app is known', async (url) => (await reads(url)) === 200);
    const own = load(OTHER_APP.appId);

    expect((await change('PUT', path, { policy: { dailyBudget: 77 } })).status).toBe(200);
    await everywhere(
      'the policy has changed',
      async (url) => (await status(url, OTHER_APP.appId)).policy.dailyBudget === 77,
    );
    expect((await change('PUT', path, { secret: 'not-the-secret' })).status).toBe(422);
    for (const url of urls)
      expect((await status(url, OTHER_APP.appId)).secretFingerprint).toBe(fingerprint(OTHER_APP.secret));

    const secret = 'the-next-secret-of-the-other-app';
    platform.control.setSecret(OTHER_APP.appId, secret);
    expect((await change('PUT', path, { secret })).status).toBe(200);
    await everywhere(
      'the secret has changed',
      async (url) => (await status(url, OTHER_APP.appId)).secretFingerprint === fingerprint(secret),
    );
    // The next token is fetched with the new secret.
    const fetched = () => platform.control.counters(OTHER_APP.appId).tokensIssued.stable;
    const before = fetched();
    platform.control.revoke({ appId: OTHER_APP.appId });
    await eventually('the next token', () => fetched() > before);
    expect(await own.stop()).toEqual([]);
    expect(own.calls()).toBeGreaterThan(20);

    expect((await change('DELETE', path)).status).toBe(204);
    await everywhere('the app is gone', async (url) => (await reads(url)) === 404);
    expect(await others.stop()).toEqual([]);
    expect(others.calls()).toBeGreaterThan(50);
  }, 60_000);

  it('change a key over, and refuse the old one', async () => {
    const { change, everywhere, readsWith, load } = await startWorld();
    const others = load();
    const made = await change('POST', '/v1/clients', { name: 'orders', apps: [APP.appId] });
    const { id, key, keys } = newClient.parse(made.body);
    await everywhere('the key is known', async (url) => (await readsWith(key, APP.appId)(url)) === 200);
    const before = load(APP.appId, key);
    const second = newKey.parse((await change('POST', `/v1/clients/${id}/keys`)).body);
    await everywhere(
      'the second key is known',
      async (url) => (await readsWith(second.key, APP.appId)(url)) === 200,
    );
    const after = load(APP.appId, second.key);
    expect(await before.stop()).toEqual([]);
    expect((await change('DELETE', `/v1/clients/${id}/keys/${keys[0]?.id}`)).status).toBe(204);
    await everywhere(
      'the first key is revoked',
      async (url) => (await readsWith(key, APP.appId)(url)) === 401,
    );
    expect(await after.stop()).toEqual([]);
    expect((await change('DELETE', `/v1/clients/${id}`)).status).toBe(204);
    await everywhere(
      'the client is gone',
      async (url) => (await readsWith(second.key, APP.appId)(url)) === 401,
    );
    expect(await others.stop()).toEqual([]);
  }, 60_000);

  it('read their file again on SIGHUP, and take a new certificate', async () => {
    const { folders, servers, pair, everywhere, readsWith, load } = await startWorld();
    const others = load();
    const next = {
      apps: [{ ...APP, policy: { dailyBudget: 77 } }, OTHER_APP],
      clients: [...config.clients, { name: 'new', key: 'the-key-of-the-new-client', apps: ['*'] }],
    };
    for (const folder of folders) writeFileSync(join(folder, 'zhongkong.config.json'), JSON.stringify(next));
    for (const server of servers) server.kill('SIGHUP');
    await everywhere(
      'the file is read again',
      async (url) => (await readsWith('the-key-of-the-new-client', OTHER_APP.appId)(url)) === 200,
    );

    const fresh = makeSelfSigned();
    copyFileSync(fresh.certificate, pair.certificate);
    copyFileSync(fresh.key, pair.key);
    const { fingerprint256 } = new X509Certificate(readFileSync(fresh.certificate));
    await everywhere(
      'the certificate has changed',
      async (url) => (await certificateOf(url)) === fingerprint256,
    );
    const late = load();
    await eventually('calls over new connections', () => late.calls() > 20);
    expect([...(await late.stop()), ...(await others.stop())]).toEqual([]);
  }, 60_000);
});
