import { describe, expect, it } from '@jest/globals';
import type { Weixin } from '@zhongkong/client-sdk';
import { APP, startPlatform } from '../../helpers/fixtures.js';
import { PNG } from '../../helpers/images.js';
import { openWeixin } from '../../helpers/sdk.js';
import { spawnServer } from '../../helpers/server-process.js';

const INSTANCES = 20;
const CALLS_EACH = 50;

const upload = (weixin: Weixin) =>
  weixin.customerServiceMessage.uploadTempMedia({
    type: 'image',
    media: { value: PNG, contentType: 'image/png' },
  });
const code = (weixin: Weixin) => weixin.wxacode.getUnlimited({ scene: 'id=1' });

describe.each([
  ['uploads', '/cgi-bin/media/upload', upload],
  ['images', '/wxa/getwxacodeunlimit', code],
] as const)('a token that is revoked without overlap under a storm of %s', (_name, path, call) => {
  it('costs one fetch, and every one of 1000 calls succeeds with at most one repetition', async () => {
    const platform = await startPlatform();
    const server = spawnServer({ platform: platform.url, config: { apps: [APP] } });
    const url = await server.ready;
    const services = Array.from({ length: INSTANCES }, () => openWeixin(url, platform.url).weixin);
    await Promise.all(services.map((weixin) => weixin.auth.getAccessToken()));

    platform.control.revoke({ appId: APP.appId });
    const calls = services.flatMap((weixin) => Array.from({ length: CALLS_EACH }, () => call(weixin)));
    const results = await Promise.all(calls);

    expect(results).toHaveLength(INSTANCES * CALLS_EACH);
    expect(results.every(({ errCode }) => errCode === 0)).toBe(true);
    const { tokensIssued, paths } = platform.control.counters(APP.appId);
    expect(tokensIssued.token + tokensIssued.stable).toBe(2);
    const metDeadToken = paths[path]?.errcodes['40001'] ?? 0;
    expect(metDeadToken).toBeGreaterThan(0);
    expect(metDeadToken).toBeLessThanOrEqual(results.length);
    expect(paths[path]?.calls).toBe(results.length + metDeadToken);
  }, 90_000);
});
