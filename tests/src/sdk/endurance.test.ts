import { describe, expect, it } from '@jest/globals';
import { APP, startPlatform } from '../helpers/fixtures.js';
import { openWeixin } from '../helpers/sdk.js';
import { spawnServer } from '../helpers/server-process.js';

const INSTANCES = 10;
const RUN_SECONDS = 27;
const TOKEN_SECONDS = 8;
/** A token is replaced when a quarter of its life is left, give or take the jitter. */
const FETCHES_MAX = 1 + Math.floor(RUN_SECONDS / (TOKEN_SECONDS * 0.75));

describe('tokens that live for 8 seconds, with an overlap of 4', () => {
  it(
    'never let a call of ten services meet a dead token in several generations without pause, at the fetches that the schedule needs',
    async () => {
      const lifetimes = { tokenSeconds: TOKEN_SECONDS, overlapSeconds: 4 };
      const platform = await startPlatform({ lifetimes });
      const server = spawnServer({ platform: platform.url, config: { apps: [{ ...APP, mode: 'classic' }] } });
      const url = await server.ready;
      const services = Array.from({ length: INSTANCES }, () => openWeixin(url, platform.url).weixin);
      const endAt = performance.now() + RUN_SECONDS * 1000;
      const counts = await Promise.all(
        services.map(async (weixin) => {
          let calls = 0;
          for (; performance.now() < endAt; calls += 1)
            await weixin.request({ path: '/cgi-bin/getcallbackip' });
          return calls;
        }),
      );

      const { errcodes, tokensIssued } = platform.control.counters(APP.appId);
      console.info(
        `${counts.reduce((sum, count) => sum + count, 0)} calls, ${tokensIssued.token} tokens fetched`,
      );
      expect(errcodes).toEqual({});
      expect(tokensIssued.token).toBeGreaterThanOrEqual(Math.floor(RUN_SECONDS / TOKEN_SECONDS));
      expect(tokensIssued.token).toBeLessThanOrEqual(FETCHES_MAX);
    },
    (RUN_SECONDS + 30) * 1000,
  );
});
