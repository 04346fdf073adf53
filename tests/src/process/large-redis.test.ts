import { describe, expect, it } from '@jest/globals';
import { eventually } from '../helpers/eventually.js';
import { APP, startPlatform } from '../helpers/fixtures.js';
import { readToken } from '../helpers/http.js';
import { startCluster, startSentinels } from '../helpers/large-redis.js';
import { openWeixin } from '../helpers/sdk.js';
import { spawnServer } from '../helpers/server-process.js';

const SERVICES = 20;
const CALLS_EACH = 20;

describe.each([
  ['a master, a replica and three sentinels', startSentinels],
  ['a cluster of six nodes', startCluster],
])('on %s', (_name, startLargeRedis) => {
  it('state, queue and events work, and a storm during which the master dies costs no call and no version', async () => {
    const [redis, platform] = await Promise.all([
      startLargeRedis(),
      startPlatform({ lifetimes: { overlapSeconds: 0 } }),
    ]);
    const config = { apps: [{ ...APP, mode: 'classic' }], policy: { passiveCooldown: 0 } };
    const servers = [1, 2].map(() => spawnServer({ platform: platform.url, redisUrl: redis.url, config }));
    const urls = await Promise.all(servers.map(({ ready }) => ready));
    const [first] = await Promise.all(urls.map((url) => readToken(url)));
    const services = Array.from(
      { length: SERVICES },
      (_, index) => openWeixin(urls[index % 2] ?? '', platform.url).weixin,
    );
    await Promise.all(services.map((weixin) => weixin.auth.getAccessToken()));
    const callAll = () =>
      Promise.all(
        services.flatMap((weixin) =>
          Array.from({ length: CALLS_EACH }, () => weixin.request({ path: '/cgi-bin/getcallbackip' })),
        ),
      );

    platform.control.revoke({ appId: APP.appId });
    const storm = callAll();
    await redis.killMaster();
    expect(await storm).toHaveLength(SERVICES * CALLS_EACH);

    const tokens = await eventually('the same token everywhere', async () => {
      const answers = await Promise.all(urls.map((url) => readToken(url)));
      return answers[0]?.accessToken === answers[1]?.accessToken && answers;
    });
    expect(platform.control.checkToken(APP.appId, tokens[0]?.accessToken ?? '')).toBe(0);
    expect(tokens[0]?.version).toBeGreaterThan(first?.version ?? 0);

    // And after the failover everything goes on as before.
    platform.control.revoke({ appId: APP.appId });
    const before = platform.control.counters(APP.appId).tokensIssued.token;
    expect(await callAll()).toHaveLength(SERVICES * CALLS_EACH);
    expect(platform.control.counters(APP.appId).tokensIssued.token).toBe(before + 1);
    for (const server of servers) server.kill('SIGTERM');
    expect(await Promise.all(servers.map(({ ended }) => ended))).toEqual([0, 0]);
  }, 60_000);
});
