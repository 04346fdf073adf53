import { describe, expect, it } from '@jest/globals';
import { eventually } from '../helpers/eventually.js';
import { APP, startPlatform } from '../helpers/fixtures.js';
import { manualClock } from '../helpers/manual-clock.js';
import { startRedis } from '../helpers/redis-process.js';
import { startEngine, ticketOf, tokenOf } from '../helpers/test-engine.js';

async function start(servers = 1) {
  const clock = manualClock();
  const [redis, platform] = await Promise.all([startRedis(), startPlatform({ clock })]);
  const options = { redis, platform: platform.url, clock, policy: { mode: 'classic' } as const };
  const engines = await Promise.all(Array.from({ length: servers }, () => startEngine(options)));
  const [engine] = engines;
  if (engine === undefined) throw new Error('no engine');
  await tokenOf(engine).awaitLive(5_000);
  const ticket = async (from = engine) => {
    const record = await ticketOf(from, 'jsapi').awaitLive(5_000);
    if (record === null) throw new Error('no ticket');
    return record;
  };
  const calls = () => platform.control.calls({ path: '/cgi-bin/ticket/getticket' });
  return { clock, redis, platform, engine, engines, ticket, calls };
}

describe('a ticket', () => {
  it('is not fetched before somebody asks for it', async () => {
    const { clock, engine, ticket, calls } = await start();
    clock.pass(1_800);
    await tokenOf(engine).awaitLive(5_000);
    expect(calls()).toEqual([]);
    expect((await ticket()).value).not.toBe('');
    expect(ticketOf(engine, 'wx_card').state().record).toBeNull();
  });

  it('is fetched once, however many ask for it on however many servers', async () => {
    const { engines, ticket, calls } = await start(3);
    const records = await Promise.all(
      engines.flatMap((one) => Array.from({ length: 50 }, () => ticket(one))),
    );
    expect(new Set(records.map(({ value, version }) => `${value} ${version}`)).size).toBe(1);
    expect(calls()).toHaveLength(1);
  });

  it('outlives the access token that it was fetched with', async () => {
    const { platform, engine, ticket, calls } = await start();
    const before = await ticket();
    platform.control.revoke({ appId: APP.appId });
    const version = tokenOf(engine).state().record?.version ?? 0;
    await tokenOf(engine).report({ client: 'somebody', stale: { version } });
    expect(await ticket()).toEqual(before);
    expect(calls()).toHaveLength(1);
  });

  it('heals a dead access token on its way, with one fetch', async () => {
    const { platform, ticket, calls } = await start();
    platform.control.revoke({ appId: APP.appId });
    expect((await ticket()).value).not.toBe('');
    expect(calls()).toHaveLength(2);
    expect(platform.control.counters(APP.appId).tokensIssued.token).toBe(2);
  });

  it('is renewed by its own schedule, under a higher version, without anybody asking', async () => {
    const { clock, engine, ticket } = await start();
    const before = await ticket();
    for (const seconds of [6_300, 700, 190, 20]) clock.pass(seconds);
    const after = await eventually('the next ticket', () => {
      const record = ticketOf(engine, 'jsapi').state().record;
      return record && record.value !== before.value && record;
    });
    expect(after.version).toBeGreaterThan(before.version);
  });

  it('that the account may not have fails with the platform’s words, and the access token is none the worse', async () => {
    const { platform, engine } = await start();
    platform.control.addFault({ path: '/cgi-bin/ticket/getticket', kind: 'errcode', errcode: 48001 });
    expect(await ticketOf(engine, 'jsapi').awaitLive(2_000)).toBeNull();
    expect(ticketOf(engine, 'jsapi').state().failure).toMatchObject({ errcode: 48001 });
    expect(tokenOf(engine).state().failure).toBeNull();
  });
});
