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
      const calls = services.flatMap((weixin, instance) =>
        Array.from({ length: CALLS_EACH }, (_, index) =>
          weixin.request({ path: '/cgi-bin/getcallbackip', query: { call: `${instance}.${index}` } }),
        ),
      );
      const results = await Promise.all(calls);

      expect(results).toHaveLength(INSTANCES * CALLS_EACH);
      expect(results.every(({ errCode }) => errCode === 0)).toBe(true);
      const { tokensIssued, paths } = platform.control.counters(APP.appId);
      expect(tokensIssued.token + tokensIssued.stable).toBe(2);
      // Each call was sent once and, if it met the dead token, once more.
      expect(paths['/cgi-bin/getcallbackip']?.errcodes['40001'] ?? 0).toBeGreaterThan(0);
      const answers = new Map<string, (number | undefined)[]>();
      for (const { query, errcode } of platform.control.calls({ path: '/cgi-bin/getcallbackip' })) {
        answers.set(query.call ?? '', [...(answers.get(query.call ?? '') ?? []), errcode]);
      }
      expect(answers.size).toBe(results.length);
      for (const errcodes of answers.values()) expect([[0], [40001, 0]]).toContainEqual(errcodes);
    }, 90_000);
  },
);
