import { describe, expect, it } from '@jest/globals';
import type { FaultOptions, Sandbox } from '@zhongkong/sandbox';
import type { RefreshAnswer } from '@zhongkong/shared/contract';
import { eventually } from '../helpers/eventually.js';
import { APP, startPlatform } from '../helpers/fixtures.js';
import { readToken, reportToken } from '../helpers/http.js';
import { startRedis } from '../helpers/redis-process.js';
import { startRedisRelay } from '../helpers/redis-relay.js';
import { type ServerProcess, spawnServer } from '../helpers/server-process.js';

type Mode = 'stable' | 'classic';

/** Servers on one Redis, the first behind a relay that can cut it off. */
async function start(mode: Mode, { passiveCooldown = 30, overlapSeconds = 300 } = {}) {
  const [redis, platform] = await Promise.all([
    startRedis(),
    startPlatform({ lifetimes: { overlapSeconds } }),
  ]);
  const relay = await startRedisRelay(redis.url);
  const config = { apps: [{ ...APP, mode }], policy: { passiveCooldown, upstreamTimeout: 20 } };
  const servers = [relay.url, redis.url, redis.url].map((redisUrl) =>
    spawnServer({ platform: platform.url, redisUrl, config }),
  );
  const urls = await Promise.all(servers.map(({ ready }) => ready));
  const [first] = await Promise.all(urls.map(readToken));
  if (first === undefined) throw new Error('no token');
  const issued = () => {
    const { token, stable } = platform.control.counters(APP.appId).tokensIssued;
    return token + stable;
  };
  const [a, b, c] = servers as [ServerProcess, ServerProcess, ServerProcess];
  const [urlA, urlB, urlC] = urls as [string, string, string];
  return { redis, platform, relay, servers, urls, a, b, c, urlA, urlB, urlC, first, issued };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.POSITIVE_INFINITY;
}

/** A client's report, repeated until it is answered with a token. */
function insist(url: string, staleVersion: number): Promise<RefreshAnswer> {
  return eventually('an answer to the report', () =>
    reportToken(url, { staleVersion }).catch(() => undefined),
  );
}

/** All of them give out the same living token, in the same version, which is not older than this one. */
async function expectAgreement(urls: string[], platform: Sandbox, version: number): Promise<void> {
  await eventually('one living token everywhere', async () => {
    const tokens = await Promise.all(urls.map(readToken));
    const [one] = tokens;
    const agree = tokens.every(
      (token) => token.version === one?.version && token.accessToken === one.accessToken,
    );
    const isAlive = platform.control.checkToken(APP.appId, one?.accessToken ?? '') === 0;
    return agree && isAlive && (one?.version ?? 0) >= version;
  });
}

describe.each(['stable', 'classic'] as const)('three servers on one Redis, in %s mode', (mode) => {
  it('make one fetch of 300 reports spread over them, and all have the new version within 300 ms', async () => {
    const { platform, urls, urlA, urlB, urlC, first, issued } = await start(mode, { passiveCooldown: 0 });
    let { version } = first;
    const delaysMs: number[] = [];
    const readsMs: number[] = [];
    for (let round = 1; round <= 5; round += 1) {
      platform.control.revoke({ appId: APP.appId });
      const reports = Array.from({ length: 300 }, (_, index) =>
        reportToken(urls[index % 3] ?? urlA, { staleVersion: version }),
      );
      const told = await Promise.race(reports);
      const toldAt = performance.now();
      await Promise.all(
        [urlA, urlB, urlC].map((url) =>
          eventually('it', async () => (await readToken(url)).version === told.version),
        ),
      );
      delaysMs.push(performance.now() - toldAt);
      const answers = await Promise.all(reports);
      expect(new Set(answers.map(({ accessToken }) => accessToken)).size).toBe(1);
      expect(answers.every((answer) => answer.refreshed || answer.version > version)).toBe(true);
      expect(issued()).toBe(1 + round);
      version = told.version;
      const startedAt = performance.now();
      await Promise.all(Array.from({ length: 300 }, (_, index) => readToken(urls[index % 3] ?? urlA)));
      readsMs.push(performance.now() - startedAt);
    }
    console.info(
      `everywhere after ${delaysMs.map(Math.round).join(', ')} ms, while 300 reads took ${readsMs.map(Math.round).join(', ')} ms`,
    );
    // What is measured holds the answers to 300 reports. A machine that is too busy for as many mere reads in that
    // time can prove nothing about 300 ms.
    expect(median(delaysMs)).toBeLessThanOrEqual(Math.max(300, 2 * median(readsMs)));
  });

  const fetching: FaultOptions[] = [
    { kind: 'hang', path: mode === 'stable' ? '/cgi-bin/stable_token' : '/cgi-bin/token' },
    { kind: 'late', delayMs: 60_000, path: mode === 'stable' ? '/cgi-bin/stable_token' : '/cgi-bin/token' },
  ];
  it.each(fetching)('are not blocked by a holder that is killed during its fetch: %j', async (fault) => {
    const { platform, a, urlA, urlB, urlC, first } = await start(mode);
    platform.control.revoke({ appId: APP.appId });
    const asked = platform.control.calls({ path: fault.path ?? '' }).length;
    platform.control.addFault(fault);
    reportToken(urlA, { staleVersion: first.version }).catch(() => {});
    await eventually('the fetch', () => platform.control.calls({ path: fault.path ?? '' }).length > asked);
    a.kill('SIGKILL');
    const healed = await insist(urlB, first.version);
    expect(healed.version).toBeGreaterThan(first.version);
    await expectAgreement([urlB, urlC], platform, healed.version);
  });

  it('are not blocked by a holder that is stopped for longer than its lease, and it overwrites nothing when it goes on', async () => {
    const path = mode === 'stable' ? '/cgi-bin/stable_token' : '/cgi-bin/token';
    const { platform, a, urls, urlA, urlB, first } = await start(mode, {
      passiveCooldown: 0,
      overlapSeconds: 0,
    });
    platform.control.revoke({ appId: APP.appId });
    const asked = platform.control.calls({ path }).length;
    platform.control.addFault({ kind: 'late', delayMs: 500, path });
    const report = reportToken(urlA, { staleVersion: first.version }).catch(() => {});
    await eventually('the fetch', () => platform.control.calls({ path }).length > asked);
    a.kill('SIGSTOP');
    const healed = await insist(urlB, first.version);
    expect(healed.version).toBeGreaterThan(first.version);
    a.kill('SIGCONT');
    await report;
    await expectAgreement(urls, platform, healed.version);
  });

  it.each([
    ['before the others have replaced it', 500],
    ['after the others have replaced it', 8_000],
  ])(
    'are not blocked by a holder that is cut off from Redis, whose answer comes %s',
    async (_name, delayMs) => {
      const path = mode === 'stable' ? '/cgi-bin/stable_token' : '/cgi-bin/token';
      const { platform, relay, urls, urlA, urlB, first } = await start(mode, {
        passiveCooldown: 0,
        overlapSeconds: 0,
      });
      platform.control.revoke({ appId: APP.appId });
      const asked = platform.control.calls({ path }).length;
      platform.control.addFault({ kind: 'late', delayMs, path });
      const report = reportToken(urlA, { staleVersion: first.version }).catch(() => {});
      await eventually('the fetch', () => platform.control.calls({ path }).length > asked);
      relay.cut();
      const healed = await insist(urlB, first.version);
      expect(healed.version).toBeGreaterThan(first.version);
      await report;
      relay.restore();
      await expectAgreement(urls, platform, healed.version);
      for (const url of urls) expect((await readToken(url)).version).toBeGreaterThanOrEqual(healed.version);
    },
  );
});
