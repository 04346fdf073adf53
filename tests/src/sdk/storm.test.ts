import { describe, expect, it } from '@jest/globals';
import { APP, startPlatform } from '../helpers/fixtures.js';
import { openWeixin } from '../helpers/sdk.js';
import { spawnServer } from '../helpers/server-process.js';

const INSTANCES = 20;
const CALLS_EACH = 50;

describe.each(['stable', 'classic'] as const)(
  'a token that is revoked without overlap, in %s mode',
  (mode) => {
    it('costs one fetch while 20 services have 50 calls each in flight, and every call succeeds', async () => {
      const platform = await startPlatform();
      const config = { apps: [{ ...APP, mode }] };
      const server = spawnServer({ platform: platform.url, config });
      const url = await server.ready;
      const services = Array.from({ length: INSTANCES }, () => openWeixin(url, platform.url).weixin);
      await Promise.all(services.map((weixin) => weixin.auth.getAccessToken()));

      platform.control.revoke({ appId: APP.appId });
      const calls = services.flatMap((weixin) =>
        Array.from({ length: CALLS_EACH }, () => weixin.request({ path: '/cgi-bin/getcallbackip' })),
      );
      const results = await Promise.all(calls);

      expect(results).toHaveLength(INSTANCES * CALLS_EACH);
      expect(results.every(({ errCode }) => errCode === 0)).toBe(true);
      const { tokensIssued, paths } = platform.control.counters(APP.appId);
      expect(tokensIssued.token + tokensIssued.stable).toBe(2);
      // Each call was sent once and, if it met the dead token, once more.
      const api = paths['/cgi-bin/getcallbackip'];
      const metDeadToken = api?.errcodes['40001'] ?? 0;
      expect(metDeadToken).toBeGreaterThan(0);
      expect(metDeadToken).toBeLessThanOrEqual(results.length);
      expect(api?.calls).toBe(results.length + metDeadToken);
    });
  },
);
