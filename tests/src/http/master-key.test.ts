import { readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import {
  activateMasterKey,
  createSealer,
  emptyState,
  fitsStoredData,
  keyCheck,
  keyIdOf,
  resealAll,
  surveySealed,
} from '@zhongkong/jobs';
import { accessTokenOf, createKeys, encodeState } from '@zhongkong/jobs/testing';
import { problem, rotationAnswer, serversAnswer } from '@zhongkong/shared/contract';
import type { TokenServer } from '@zhongkong/token-server';
import {
  masterKeyOf,
  type RotationEffects,
  rotateMasterKey,
  writeMasterKeys,
} from '@zhongkong/token-server/testing';
import { API_KEY, APP, OTHER_APP, startPlatform } from '../helpers/fixtures.js';
import { readToken, reportToken } from '../helpers/http.js';
import { type RedisProcess, startRedis } from '../helpers/redis-process.js';
import { tempFolder } from '../helpers/temp-folder.js';
import { startServer } from '../helpers/test-server.js';

const [OLD, NEW, FOREIGN] = [Buffer.alloc(32, 7), Buffer.alloc(32, 8), Buffer.alloc(32, 9)];
const [OLD_TEXT, NEW_TEXT] = [OLD.toString('base64'), NEW.toString('base64')];
const idOf = (masterKey: Buffer) => keyIdOf(keyCheck(masterKey));
const PREFIX = 'zhongkong';
const SCOPES = ['token:read', 'token:refresh', 'admin'];
const config = {
  apps: [{ ...APP, mode: 'classic' }],
  clients: [{ name: 'operator', key: API_KEY, apps: ['*'], scopes: SCOPES }],
  policy: { passiveBurst: 1000 },
};

async function call(url: string, method: string, path: string, body?: object, key = API_KEY) {
  const answer = await fetch(`${url}${path}`, {
    method,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: await answer.json() };
}

const rotate = (url: string, key?: string) => call(url, 'POST', '/v1/master-key/rotate', undefined, key);
const detailOf = ({ body }: { body: unknown }) => problem.parse(body).detail;
const stateKey = (appId: string) => createKeys(PREFIX, 0).data(accessTokenOf(appId));

describe('three servers whose master key is rotated under load', () => {
  it('go on serving, leave nothing under the old key, and start again with the new key alone', async () => {
    const [redis, platform] = await Promise.all([startRedis(), startPlatform()]);
    const connection = await redis.connect();
    // As version 0.1.0 leaves it behind.
    await connection.set(createKeys(PREFIX, 0).masterKeyCheck, keyCheck(OLD));
    const start = (masterKey: string) =>
      startServer({
        platform: platform.url,
        redisUrl: redis.url,
        config,
        environment: { ZHONGKONG_MASTER_KEY: masterKey },
      });
    let servers: TokenServer[] = [await start(OLD_TEXT), await start(OLD_TEXT), await start(OLD_TEXT)];
    const urls = () => servers.map(({ url }) => url) as [string, string, string];
    const [firstUrl] = urls();
    const made = await call(firstUrl, 'PUT', `/v1/apps/${OTHER_APP.appId}`, { secret: OTHER_APP.secret });
    expect(made.status).toBe(201);
    for (const { appId } of [APP, OTHER_APP]) await readToken(firstUrl, appId);
    expect(await redis.dump()).not.toMatch(/v2\.[0-9a-f]{8}\./);
    expect(await redis.dump()).toMatch(/v1\.[\w-]{38}/);

    expect(detailOf(await rotate(firstUrl))).toMatch(/^Only one master key is known/);
    const replaced = [
      await start(`${NEW_TEXT},${OLD_TEXT}`),
      await start(`${NEW_TEXT},${OLD_TEXT}`),
    ] as const;
    await Promise.all(servers.splice(0, 2).map((server) => server.stop()));
    const refused = await rotate(replaced[0].url);
    expect([refused.status, detailOf(refused)]).toEqual([409, expect.stringContaining(urls()[0])]);
    const [last] = servers;
    servers = [...replaced, await start(`${NEW_TEXT},${OLD_TEXT}`)];
    await last?.stop();
    const list = serversAnswer.parse((await call(urls()[0], 'GET', '/v1/servers')).body);
    expect(list.servers.map(({ url }) => url)).toEqual(urls());
    expect(list.servers.map(({ isThisServer }) => isThisServer)).toEqual([true, false, false]);
    expect(new Set(list.servers.flatMap(({ masterKeyIds }) => masterKeyIds))).toEqual(
      new Set([idOf(NEW), idOf(OLD)]),
    );

    const subscriber = redis.open();
    await subscriber.subscribe(createKeys(PREFIX, 0).changes);
    expect(detailOf(await rotate(urls()[0]))).toMatch(/^1 more server\(s\) of an older version/);
    await subscriber.quit();

    const foreign = encodeState(accessTokenOf('wx-gone'), emptyState, createSealer(FOREIGN));
    await connection.hset(stateKey('wx-gone'), 'state', foreign);
    const old = createSealer(OLD);
    for (let number = 0; number < 1_500; number += 1) {
      const id = accessTokenOf(`wx-many-${number}`);
      await connection.hset(stateKey(id.appId), 'state', encodeState(id, emptyState, old));
    }
    const load = startLoad(urls(), platform);
    const answer = await rotate(urls()[1]);
    expect(answer.status).toBe(200);
    const counts = rotationAnswer.parse(answer.body);
    expect(counts.resealed).toBeGreaterThanOrEqual(1_500);
    expect(counts.unreadable).toBe(1);
    const failures = await load.stop();
    expect(failures).toEqual([]);

    const dump = await redis.dump();
    expect(dump).not.toMatch(/v1\.[\w-]{38}/);
    expect(dump).not.toContain(`v2.${idOf(OLD)}.`);
    expect(dump).toContain(`v2.${idOf(NEW)}.`);
    const survey = await surveySealed(connection, createSealer(NEW), PREFIX);
    expect(survey.readable).toBeGreaterThanOrEqual(1_502);
    expect([survey.unknownKey, survey.damaged]).toEqual([
      [{ key: stateKey('wx-gone'), field: 'state', keyId: idOf(FOREIGN) }],
      [],
    ]);
    expect(rotationAnswer.parse((await rotate(urls()[2])).body).resealed).toBe(0);

    const before = await Promise.all([APP, OTHER_APP].map(({ appId }) => readToken(urls()[0], appId)));
    await Promise.all(servers.map((server) => server.stop()));
    await expect(start(OLD_TEXT)).rejects.toThrow('sealed under another master key');
    const again = await start(NEW_TEXT);
    const after = await Promise.all([APP, OTHER_APP].map(({ appId }) => readToken(again.url, appId)));
    expect(after.map(({ version }) => version)).toEqual(before.map(({ version }) => version));
  });
});

/** Clients that read and report at all servers, while tokens die. */
function startLoad(urls: readonly string[], platform: Awaited<ReturnType<typeof startPlatform>>) {
  const failures: string[] = [];
  let isOver = false;
  const run = async (work: () => Promise<unknown>) => {
    while (!isOver) {
      await work().catch((error: unknown) => void failures.push(String(error)));
      // So that the day's budget outlasts the test.
      await sleep(10);
    }
  };
  const reads = urls.flatMap((url) => [
    run(() => readToken(url)),
    run(() => readToken(url, OTHER_APP.appId)),
  ]);
  let turn = 0;
  const reports = run(async () => {
    const url = urls[turn++ % urls.length] ?? '';
    const { accessToken } = await readToken(url);
    platform.control.revoke({ appId: APP.appId });
    await reportToken(url, { staleToken: accessToken });
  });
  return {
    async stop() {
      isOver = true;
      await Promise.all([...reads, reports]);
      return failures;
    },
  };
}

describe('a server with its own Redis', () => {
  it('makes the new key itself, keeps it alone, and starts again with its tokens', async () => {
    const platform = await startPlatform();
    const dataDir = tempFolder();
    const start = () => startServer({ platform: platform.url, dataDir, config });
    const server = await start();
    const { version } = await readToken(server.url);
    const [oldKey] = masterKeyOf(dataDir);
    const answer = await rotate(server.url);
    expect([answer.status, rotationAnswer.parse(answer.body).unreadable]).toEqual([200, 0]);
    const [newKey, ...others] = masterKeyOf(dataDir);
    expect([newKey?.equals(oldKey ?? NEW), others]).toEqual([false, []]);
    expect(readdirSync(dataDir).filter((name) => name.startsWith('master.key'))).toEqual(['master.key']);
    await server.stop();
    expect((await readToken((await start()).url)).version).toBe(version);
  });
});

let ownRedis: RedisProcess;

beforeAll(async () => {
  ownRedis = await startRedis();
});

const EFFECTS = ['writeKeys', 'activate', 'reseal', 'flush', 'writeKeys again'] as const;

describe('a rotation by a server with its own Redis that dies', () => {
  it.each(EFFECTS.flatMap((effect) => (['before', 'after'] as const).map((when) => [when, effect] as const)))(
    '%s the step "%s" leaves everything readable, and is finished by the next rotation',
    async (when, effect) => {
      const dataDir = tempFolder();
      writeMasterKeys(dataDir, [OLD]);
      const redis = await ownRedis.connect();
      await redis.flushall();
      const id = accessTokenOf(APP.appId);
      const begin = async () => {
        const ring = createSealer(masterKeyOf(dataDir));
        expect(await fitsStoredData(redis, ring, PREFIX)).toBe(true);
        return ring;
      };
      const effectsOf = (ring: RotationEffects['ring']): RotationEffects => ({
        ring,
        writeKeys: (keys) => writeMasterKeys(dataDir, keys),
        runningServers: async () => [],
        countStrangers: async () => 0,
        activate: (masterKey) => activateMasterKey(redis, ring, masterKey, PREFIX),
        reseal: () => resealAll(redis, ring, PREFIX),
        flush: async () => {},
      });
      const first = await begin();
      await redis.hset(stateKey(id.appId), 'state', encodeState(id, emptyState, first));
      await expect(rotateMasterKey(dyingAt(when, effect, effectsOf(first)))).rejects.toThrow('died');

      const second = await begin();
      expect(await surveySealed(redis, second, PREFIX)).toEqual({ readable: 1, unknownKey: [], damaged: [] });
      await redis.hset(stateKey('wx2'), 'state', encodeState(accessTokenOf('wx2'), emptyState, second));
      await rotateMasterKey(effectsOf(second));
      const third = await begin();
      expect(third.keyIds).toHaveLength(1);
      expect(third.keyIds).not.toEqual([idOf(OLD)]);
      expect((await surveySealed(redis, third, PREFIX)).readable).toBe(2);
    },
  );
});

/** The same effects; one of them throws before or after it has done its work. */
function dyingAt(
  when: 'before' | 'after',
  what: (typeof EFFECTS)[number],
  effects: RotationEffects,
): RotationEffects {
  const die = (isNow: boolean) => {
    if (isNow) throw new Error(`died ${when} ${what}`);
  };
  const wrap =
    <T>(name: (typeof EFFECTS)[number], work: () => Promise<T>) =>
    async (): Promise<T> => {
      die(name === what && when === 'before');
      const result = await work();
      die(name === what && when === 'after');
      return result;
    };
  let writes = 0;
  return {
    ...effects,
    writeKeys(keys) {
      writes += 1;
      const isIt = what === (writes === 1 ? 'writeKeys' : 'writeKeys again');
      die(isIt && when === 'before');
      effects.writeKeys?.(keys);
      die(isIt && when === 'after');
    },
    activate: (masterKey) => wrap('activate', () => effects.activate(masterKey))(),
    reseal: wrap('reseal', effects.reseal),
    flush: wrap('flush', effects.flush),
  };
}
