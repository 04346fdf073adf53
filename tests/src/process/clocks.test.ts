import { describe, expect, it } from '@jest/globals';
import { eventually } from '../helpers/eventually.js';
import {
  type FalseClock,
  falseClock,
  findLibFaketime,
  folderWithFalseRedis,
} from '../helpers/false-clock.js';
import { API_KEY, APP, OTHER_APP, startPlatform } from '../helpers/fixtures.js';
import { readToken } from '../helpers/http.js';
import { startRedis } from '../helpers/redis-process.js';
import { spawnServer } from '../helpers/server-process.js';

const LIFE_SECONDS = 7_200;
/** Clocks are compared every second, and a fetch may follow. */
const WATCHED_MS = 1_800;
const APPS = [
  { ...APP, mode: 'stable' },
  { ...OTHER_APP, mode: 'classic' },
];
const CONFIG = { apps: APPS, clients: [{ name: 'reader', key: API_KEY, apps: ['*'] }] };

/** Where the false clock is. */
const WORLDS = ['the machine of server and embedded Redis', 'the server alone', 'Redis alone'] as const;
type World = (typeof WORLDS)[number];

async function startWorld(world: World, clock: FalseClock) {
  const platform = await startPlatform();
  const isEmbedded = world === 'the machine of server and embedded Redis';
  const redis = isEmbedded ? undefined : await startRedis(world === 'Redis alone' ? clock.environment : {});
  const searchPath = process.env.PATH ?? '';
  const server = spawnServer({
    platform: platform.url,
    config: CONFIG,
    environment: {
      ...(world === 'Redis alone' ? {} : clock.environment),
      ...(isEmbedded && { PATH: `${folderWithFalseRedis(clock, searchPath)}:${searchPath}` }),
    },
    ...(redis === undefined ? {} : { redisUrl: redis.url }),
  });
  return { platform, url: await server.ready };
}

/** When a token was first given out. A token cannot have been fetched later than that. */
const firstSeenAt = new Map<string, number>();

/** Reads the tokens of both apps once; throws when one is given out for longer than it can live. */
async function readBoth(serverUrl: string): Promise<string[]> {
  const values: string[] = [];
  for (const { appId, mode } of APPS) {
    const { accessToken, expiresIn } = await readToken(serverUrl, appId);
    const seenAt = firstSeenAt.get(accessToken) ?? performance.now();
    firstSeenAt.set(accessToken, seenAt);
    const longest = LIFE_SECONDS - (performance.now() - seenAt) / 1000 + 1;
    if (expiresIn > longest) throw new Error(`${mode}: expiresIn ${expiresIn}, at most ${longest}`);
    values.push(accessToken);
  }
  return values;
}

/** Reads again and again for as long as a server needs to notice a clock that was set. */
async function watch(serverUrl: string): Promise<void> {
  const untilMs = performance.now() + WATCHED_MS;
  await eventually('the end of the watch', async () => {
    await readBoth(serverUrl);
    return performance.now() > untilMs;
  });
}

async function expectAlive(platformUrl: string, tokens: string[]): Promise<void> {
  for (const token of tokens) {
    const answer = await fetch(`${platformUrl}/cgi-bin/get_api_domain_ip?access_token=${token}`);
    expect(await answer.json()).toMatchObject({ ip_list: expect.anything() });
  }
}

const library = findLibFaketime();
// The package `faketime` exists on Debian; `npm test` installs it there.
const withFaketime = library === undefined ? describe.skip : describe;

withFaketime('a clock that is wrong and set right again', () => {
  it.each([
    ['+1d', '+0', '-1d', '+0'],
    ['-1d', '+0', '+1h', '+0', '-1h'],
  ])(
    '%s at the start: no token is given out for longer than it lives, and none that is dead',
    async (...offsets) => {
      const [atStart = '+0', ...later] = offsets;
      const clock = falseClock(library ?? '', atStart);
      const worlds = await Promise.all(WORLDS.map((world) => startWorld(world, clock)));
      for (const offset of [atStart, ...later]) {
        clock.set(offset);
        await Promise.all(worlds.map(({ url }) => watch(url)));
      }
      for (const { platform, url } of worlds) {
        await expectAlive(platform.url, await readBoth(url));
        // One for the token, and at most one for each time that the clock was set.
        const { tokensIssued } = platform.control.counters(OTHER_APP.appId);
        expect(tokensIssued.token).toBeLessThanOrEqual(offsets.length);
      }
    },
  );
});
