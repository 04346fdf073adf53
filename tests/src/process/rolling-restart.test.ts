import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { rotationAnswer } from '@zhongkong/shared/contract';
import { startBalancer } from '../helpers/balancer.js';
import { dropInCall, sdkCall, startLoad } from '../helpers/calls-under-load.js';
import { cleanUp } from '../helpers/clean-up.js';
import { type EventReader, readEvents } from '../helpers/event-reader.js';
import { eventually } from '../helpers/eventually.js';
import { API_KEY, APP, OTHER_APP, startPlatform } from '../helpers/fixtures.js';
import { readToken } from '../helpers/http.js';
import { startRedis } from '../helpers/redis-process.js';
import { spawnServer } from '../helpers/server-process.js';
import { tempFolder } from '../helpers/temp-folder.js';
import { MASTER_KEY } from '../helpers/test-server.js';

const SERVERS = 3;
const STREAMS = 30;
/** Four times what the balancer needs to see that a server is not ready. */
const DRAIN_DELAY_S = 1;
const NEW_MASTER_KEY = Buffer.alloc(32, 8).toString('base64');
const config = {
  apps: [
    { ...APP, mode: 'stable' },
    { ...OTHER_APP, mode: 'classic' },
  ],
  clients: [{ name: 'shop', key: API_KEY, apps: ['*'], scopes: ['token:read', 'token:refresh', 'admin'] }],
};

/** A reader of the event stream as an SDK is one: when asked to move, it waits for as long as it was asked to, and comes again. */
function followStream(url: string): { readonly lost: string[]; readonly waitsMs: number[] } {
  const [lost, waitsMs]: [string[], number[]] = [[], []];
  let reader: EventReader | undefined;
  let isOver = false;
  cleanUp(() => {
    isOver = true;
    reader?.close();
  });
  async function follow(): Promise<void> {
    while (!isOver) {
      reader = await readEvents(url);
      if (reader.status !== 200) lost.push(`HTTP ${reader.status}`);
      const isWhole = await reader.ended;
      if (isOver) return;
      const retryMs = reader.moves[0]?.retryMs;
      if (!isWhole || retryMs === undefined) lost.push(isWhole ? 'ended without a move' : 'cut');
      waitsMs.push(retryMs ?? 0);
      await sleep(retryMs ?? 0);
    }
  }
  void follow().catch((error: unknown) => void (isOver || lost.push(String(error))));
  return { lost, waitsMs };
}

describe('three servers that are restarted one after another under load', () => {
  it('lose no call of SDKs and drop-in clients, move their streams with a spread, and change their master key', async () => {
    const [platform, redis, balancer] = await Promise.all([
      startPlatform(),
      startRedis(),
      startBalancer('/readyz'),
    ]);
    const start = (masterKey: string) =>
      spawnServer({
        platform: platform.url,
        redisUrl: redis.url,
        config,
        dataDir: tempFolder(),
        environment: { DRAIN_DELAY: String(DRAIN_DELAY_S), ZHONGKONG_MASTER_KEY: masterKey },
      });
    const servers = Array.from({ length: SERVERS }, () => start(MASTER_KEY));
    const urls = await Promise.all(servers.map(({ ready }) => ready));
    for (const [place, url] of urls.entries()) balancer.setTarget(place, url);
    await eventually('an answer through the balancer', () =>
      readToken(balancer.url).then(Boolean, () => false),
    );

    const caller = { server: balancer.url, platform: platform.url, apiKey: API_KEY };
    const load = startLoad(
      [APP, OTHER_APP].flatMap(({ appId }) => [
        ...Array.from({ length: 4 }, () => sdkCall({ ...caller, appId })),
        ...Array.from({ length: 4 }, () => dropInCall({ ...caller, appId })),
      ]),
    );
    const streams = Array.from({ length: STREAMS }, () => followStream(balancer.url));
    const restart = async (place: number) => {
      const next = start(`${NEW_MASTER_KEY},${MASTER_KEY}`);
      balancer.setTarget(SERVERS + place, await next.ready);
      servers[place]?.kill('SIGTERM');
      platform.control.revoke({ appId: APP.appId });
      expect(await servers[place]?.ended).toBe(0);
      balancer.setTarget(place, await next.ready);
      balancer.setTarget(SERVERS + place, undefined);
      servers[place] = next;
    };
    for (let place = 0; place < SERVERS; place += 1) await restart(place);
    const [first] = servers;
    const rotated = await fetch(`${await first?.ready}/v1/master-key/rotate`, {
      method: 'POST',
      headers: { authorization: `Bearer ${API_KEY}` },
    });
    expect(rotated.status).toBe(200);
    expect(rotationAnswer.parse(await rotated.json())).toMatchObject({ unreadable: 0 });

    expect(await load.stop()).toEqual([]);
    expect(load.calls()).toBeGreaterThan(100);
    expect(streams.flatMap(({ lost }) => lost)).toEqual([]);
    const waitsMs = streams.flatMap(({ waitsMs: waits }) => waits);
    expect(waitsMs.length).toBeGreaterThanOrEqual(STREAMS);
    expect(new Set(waitsMs).size).toBeGreaterThan(waitsMs.length / 4);
  }, 150_000);
});
