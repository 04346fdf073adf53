import { describe, expect, it } from '@jest/globals';
import { type ClientEvent, initWeixin } from '@zhongkong/client-sdk';
import { cleanUp } from '../helpers/clean-up.js';
import { APP, startPlatform } from '../helpers/fixtures.js';

const PATH = '/cgi-bin/getcallbackip';

async function start(lifetimes = {}) {
  const platform = await startPlatform({ lifetimes });
  const open = () => {
    const events: ClientEvent[] = [];
    const onEvent = (event: ClientEvent) => void events.push(event);
    const weixin = initWeixin({ ...APP, baseUrl: platform.url, onEvent });
    cleanUp(() => weixin.close());
    return { weixin, events, call: () => weixin.request({ path: PATH }) };
  };
  const counters = () => platform.control.counters(APP.appId);
  return { platform, open, counters };
}

describe('a token straight from the platform', () => {
  it('is fetched once for a hundred calls, and shared with other processes that hold the secret', async () => {
    const { platform, open, counters } = await start();
    const [one, two] = [open(), open()];
    await Promise.all(Array.from({ length: 100 }, () => one.call()));
    await two.call();
    expect(new Set(platform.control.calls({ path: PATH }).map(({ token }) => token)).size).toBe(1);
    expect(counters().paths['/cgi-bin/stable_token']?.calls).toBe(2);
    expect(counters().tokensIssued).toMatchObject({ stable: 1, token: 0 });
  });

  it('that was replaced by somebody else is healed for all calls in flight, without force', async () => {
    const { platform, open, counters } = await start();
    const { weixin, call, events } = open();
    await weixin.auth.getAccessToken();
    platform.control.revoke({ appId: APP.appId });
    await Promise.all(Array.from({ length: 50 }, call));
    expect(counters()).toMatchObject({ forced: 0, tokensIssued: { stable: 2 } });
    expect(events.filter(({ type }) => type === 'reported')).toHaveLength(1);
  });

  it('that the platform goes on handing out though it is dead is replaced by force, once', async () => {
    const { platform, open, counters } = await start();
    const { weixin, call } = open();
    await weixin.auth.getAccessToken();
    platform.control.revoke({ appId: APP.appId, stuck: true });
    await Promise.all(Array.from({ length: 50 }, call));
    expect(counters()).toMatchObject({ forced: 1, tokensIssued: { stable: 2 } });
  });

  it('that lives costs nothing, however often an API says 40001 all the same', async () => {
    const { platform, open, counters } = await start();
    const { call, events } = open();
    platform.control.addFault({ kind: 'errcode', errcode: 40001, path: PATH, times: 'forever' });
    for (let calls = 0; calls < 5; calls += 1) await expect(call()).rejects.toMatchObject({ errCode: 40001 });
    expect(counters()).toMatchObject({ forced: 0, tokensIssued: { stable: 1 } });
    expect(platform.control.calls({ path: PATH })).toHaveLength(10);
    expect(events).toContainEqual({ type: 'report-answered', refreshed: false, reason: 'token_still_valid' });
  });

  it('is renewed in time, so that no call meets a dead one', async () => {
    const { platform, open, counters } = await start({ tokenSeconds: 3, overlapSeconds: 1 });
    const { call } = open();
    for (const endAt = performance.now() + 7_000; performance.now() < endAt; ) await call();
    expect(platform.control.calls({ path: PATH }).every(({ errcode }) => errcode === 0)).toBe(true);
    expect(counters().tokensIssued.stable).toBeLessThanOrEqual(5);
  });

  it('that cannot be had is asked for once a second at most, however many calls are made', async () => {
    const { platform, open, counters } = await start();
    platform.control.freeze(APP.appId);
    const { call } = open();
    const startedAt = performance.now();
    for (let calls = 0; calls < 50; calls += 1)
      await expect(call()).rejects.toMatchObject({ errCode: 40243 });
    const seconds = (performance.now() - startedAt) / 1_000;
    expect(counters().paths['/cgi-bin/stable_token']?.calls).toBeLessThanOrEqual(1 + seconds);
  });

  it("shows neither secret nor token in the platform's refusal", async () => {
    const { platform } = await start();
    const weixin = initWeixin({
      appId: APP.appId,
      secret: 'a-wrong-secret-0123456789',
      baseUrl: platform.url,
    });
    cleanUp(() => weixin.close());
    const error = (await weixin.auth.getAccessToken().catch((thrown: unknown) => thrown)) as Error;
    expect(error).toMatchObject({ name: 'WeixinError', method: 'auth.getAccessToken' });
    expect(error.message + error.stack).not.toContain('a-wrong-secret');
  });
});
