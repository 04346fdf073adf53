import { describe, expect, it } from '@jest/globals';
import type { Log } from '@zhongkong/jobs';
import { eventually } from '../helpers/eventually.js';
import { APP, OTHER_APP, REPORTER, startPlatform } from '../helpers/fixtures.js';
import { startRedis } from '../helpers/redis-process.js';
import { SEALER, startEngine, tokenOf } from '../helpers/test-engine.js';

const KEY = `zhongkong:{${APP.appId}}:access-token`;
const nothing = () => {};

async function start() {
  const [redis, platform] = await Promise.all([startRedis(), startPlatform()]);
  const warnings: string[] = [];
  const log: Log = {
    debug: nothing,
    info: nothing,
    error: nothing,
    warn: (_fields, message) => void warnings.push(message),
  };
  const connection = await redis.connect();
  const startOne = () =>
    startEngine({ redis, platform: platform.url, policy: { mode: 'classic', sweepMs: 1_000 }, log });
  const expectLive = async (token = startOne()) => {
    const record = await tokenOf(await token).awaitLive(10_000);
    expect(platform.control.checkToken(APP.appId, record?.value ?? '')).toBe(0);
  };
  return { redis, platform, connection, warnings, startOne, expectLive };
}

describe('what somebody else wrote into Redis', () => {
  it.each([
    ['text that is no JSON', 'rubbish'],
    ['a state in the clear', JSON.stringify({ format: 2, record: { value: 'x', version: 1e308 } })],
    [
      'a sealed value of another app',
      JSON.stringify({ format: 2, sealed: SEALER.seal('{}', 'wx2/x/state') }),
    ],
    [
      'a state of absurd shape',
      JSON.stringify({ format: 2, sealed: SEALER.seal('{"usage":null}', `${APP.appId}/access-token/state`) }),
    ],
  ])('as a state (%s) counts as lost, with one warning, and a token is fetched', async (_name, text) => {
    const { connection, warnings, expectLive } = await start();
    await connection.hset(`${KEY}:data`, 'state', text);
    await expectLive();
    expect(warnings).toEqual(['a stored state cannot be read; it counts as lost']);
  });

  it('as a state under the eyes of a server is written over, and the token goes on', async () => {
    const { platform, connection, startOne } = await start();
    const engine = await startOne();
    const record = await tokenOf(engine).awaitLive(5_000);
    await connection.hset(`${KEY}:data`, 'state', 'rubbish');
    await eventually('the state', async () => (await connection.hget(`${KEY}:data`, 'state')) !== 'rubbish');
    expect(tokenOf(engine).live()).toEqual(record);
    expect(platform.control.counters(APP.appId).tokensIssued.token).toBe(1);
  });

  it('as a key of another type is dropped', async () => {
    const { connection, expectLive } = await start();
    await connection.lpush(`${KEY}:data`, 'a list');
    await expectLive();
  });

  it('as a lease without an end, or with one in a day, costs the seconds of a lease', async () => {
    const { connection, startOne, expectLive } = await start();
    await connection.set(`${KEY}:lease`, 'somebody');
    const engine = startOne();
    await expectLive(engine);
    await connection.set(`${KEY}:lease`, 'somebody', 'EX', 86_400);
    await tokenOf(await engine).wake();
  });

  it('as an entry of the history is passed over', async () => {
    const { connection, startOne } = await start();
    const token = tokenOf(await startOne());
    await token.awaitLive(5_000);
    const entries = await eventually('the refresh', async () => {
      const found = await token.history(10);
      return found.length > 0 && found;
    });
    for (const text of ['rubbish', '{}', 'null'])
      await connection.xadd(`${KEY}:refreshes`, '*', 'entry', text);
    await connection.xadd(`${KEY}:refreshes`, '*', 'other', 'field');
    expect(await token.history(10)).toEqual(entries);
  });

  it('on the channel is passed over, with one warning', async () => {
    const { platform, connection, warnings, startOne } = await start();
    const engine = await startOne();
    const record = await tokenOf(engine).awaitLive(5_000);
    const origin = 'zhongkong:0:changes';
    for (const message of [
      'rubbish',
      'null',
      JSON.stringify({ origin, appId: APP.appId, kind: 'access-token', state: 'rubbish' }),
      JSON.stringify({ origin, appId: 7, kind: 'nothing' }),
      JSON.stringify({ origin, appId: 'unknown', kind: 'jsapi' }),
    ])
      await connection.publish(origin, message);
    // A report is answered after all these have been heard.
    platform.control.revoke({ appId: APP.appId });
    const { verdict } = await tokenOf(engine).report({
      ...REPORTER,
      stale: { version: record?.version ?? 0 },
    });
    expect(verdict.is).toBe('refreshed');
    expect(warnings).toEqual(['a foreign message on our channel; passed over']);
  });
});

describe('two installations on one Redis', () => {
  it.each([
    ['with two prefixes', { prefix: 'testing' }, 0],
    ['in two databases', {}, 1],
  ])('%s never hear of each other', async (_name, options, database) => {
    const { redis, platform, startOne } = await start();
    const other = await startPlatform({ apps: [APP, OTHER_APP] });
    const one = tokenOf(await startOne());
    const two = tokenOf(
      await startEngine({ redis, platform: other.url, policy: { mode: 'classic' }, database, ...options }),
    );
    const records = await Promise.all([one.awaitLive(5_000), two.awaitLive(5_000)]);
    const heard: string[] = [];
    for (let kills = 0; kills < 3; kills += 1) {
      other.control.revoke({ appId: APP.appId });
      const { record } = await two.report({ ...REPORTER, stale: { version: two.live()?.version ?? 0 } });
      heard.push(record?.value ?? '');
    }
    expect(new Set(heard).size).toBe(3);
    expect(one.live()).toEqual(records[0]);
    expect(platform.control.checkToken(APP.appId, one.live()?.value ?? '')).toBe(0);
  });
});
