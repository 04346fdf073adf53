import { createHmac } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from '@jest/globals';
import { defaultPolicy, emptyState, type KeeperState } from '@zhongkong/jobs';
import { systemClock } from '@zhongkong/shared';
import { createLogger } from '@zhongkong/token-server';
import { startAlerts, watchEndings } from '@zhongkong/token-server/testing';
import { cleanUp } from '../helpers/clean-up.js';
import { eventually } from '../helpers/eventually.js';
import { APP, startPlatform } from '../helpers/fixtures.js';
import { type RedisProcess, startRedis } from '../helpers/redis-process.js';
import { serve } from '../helpers/serve.js';
import { startServer } from '../helpers/test-server.js';

const SECRET = 'the-secret-of-the-robots';
const hmac = (key: string, content: string) => createHmac('sha256', key).update(content);

/** Checks a message as the real receiver does. @returns its text, or what is wrong */
function receive(url: URL, body: string, headers: Readonly<Record<string, unknown>>): string {
  const content = JSON.parse(body);
  switch (url.pathname) {
    case '/wecom':
      return url.searchParams.get('key') === 'k' ? content.text.content : 'no key';
    case '/dingtalk': {
      const timestamp = url.searchParams.get('timestamp');
      const isFresh = Math.abs(Date.now() - Number(timestamp)) < 3_600_000;
      const sign = hmac(SECRET, `${timestamp}\n${SECRET}`).digest('base64');
      return isFresh && url.searchParams.get('sign') === sign ? content.text.content : 'wrong signature';
    }
    case '/feishu': {
      const isFresh = Math.abs(Date.now() / 1000 - Number(content.timestamp)) < 3_600;
      const sign = hmac(`${content.timestamp}\n${SECRET}`, '').digest('base64');
      return isFresh && content.sign === sign ? content.content.text : 'wrong signature';
    }
    default: {
      const sign = hmac(SECRET, `${headers['zhongkong-timestamp']}.${body}`).digest('hex');
      const isRight = headers['zhongkong-signature'] === `sha256=${sign}`;
      return isRight ? content.alerts.map(JSON.stringify).join('\n') : 'wrong signature';
    }
  }
}

/** All robots on one port. @param refusals how many messages are refused first */
async function startReceiver(refusals = 0) {
  const messages: string[] = [];
  let toRefuse = refusals;
  const url = await serve(async (request, response) => {
    const body = await text(request);
    const target = new URL(request.url ?? '', 'http://receiver');
    toRefuse -= 1;
    if (toRefuse >= 0) return void response.end('{"errcode":45009,"code":9499}');
    messages.push(`${target.pathname} ${receive(target, body, request.headers)}`);
    response.end('{"errcode":0,"code":0}');
  });
  return { url, messages };
}

/** Two servers' alerts on one Redis, for an app whose state the test sets. */
async function startTwo(redis: RedisProcess, url: string, lines: string[] = []) {
  const app = { appId: APP.appId, secret: 'x', policy: defaultPolicy('stable') };
  const world = { state: emptyState as KeeperState };
  const token = () => ({ state: () => world.state });
  const start = async () => {
    const alerts = startAlerts({
      redis: await redis.connect(),
      keys: { alerts: 'zhongkong:alerts' },
      engine: { apps: [app], token } as never,
      clients: { keys: () => [] },
      config: { alerts: [{ type: 'wecom', url: `${url}/wecom?key=k`, language: 'en' }] },
      clock: systemClock,
      log: createLogger('trace', (line) => lines.push(line)),
      metrics: { alertSent: () => {} },
      lookEveryMs: 20,
    });
    cleanUp(() => alerts.stop());
    return alerts;
  };
  return { world, start, servers: [await start(), await start()] as const };
}

const conflict = { ...emptyState, earlyDeathsAtMs: [Date.now() - 2_000, Date.now() - 1_000] };

describe('alerts', () => {
  it('of a misconfigured app reach all four kinds of target, signed as each of them checks it', async () => {
    const platform = await startPlatform();
    const { url, messages } = await startReceiver();
    const alerts = [
      { type: 'wecom', url: `${url}/wecom?key=k` },
      { type: 'dingtalk', url: `${url}/dingtalk?access_token=t`, secret: SECRET },
      { type: 'feishu', url: `${url}/feishu`, secretEnv: 'ROBOT_SECRET' },
      { type: 'webhook', urlEnv: 'HOOK', secret: SECRET, language: 'en' },
      { type: 'wecom', url: `${url}/wecom?key=k`, only: ['conflict'] },
    ];
    await startServer({
      platform: platform.url,
      config: {
        apps: [{ ...APP, secret: 'a-secret-that-is-wrong' }],
        alerts,
        clients: [{ name: 'c', key: 'the-key-of-client-c', apps: ['*'] }],
      },
      environment: { ROBOT_SECRET: SECRET, HOOK: `${url}/hook` },
    });
    await eventually('four messages', () => messages.length === 4);
    expect(messages.map((message) => message.split('\n')[0]).sort()).toEqual([
      '/dingtalk 中控服务器',
      '/feishu 中控服务器',
      expect.stringMatching(
        /^\/hook \{"kind":"misconfigured","subject":"wx0123456789abcdef","state":"firing","text":"WeChat refuses/,
      ),
      '/wecom 中控服务器',
    ]);
    expect(
      messages.filter((message) => message.includes('[告警] 微信拒绝为 wx0123456789abcdef')),
    ).toHaveLength(3);
  });

  it('are sent once by all servers together, also after a restart, with their end, and then not again for a while', async () => {
    const redis = await startRedis();
    const { url, messages } = await startReceiver(1);
    const { world, start, servers } = await startTwo(redis, url);
    world.state = conflict;
    // The first try is refused, as a robot that is asked too often does.
    await eventually('the alert', () => messages.length === 1);
    await Promise.all(servers.map((server) => server.stop()));
    await start();
    await start();
    world.state = emptyState;
    await eventually('its end', () => messages.length === 2);
    world.state = conflict;
    const client = await redis.connect();
    await eventually('the quiet time', async () =>
      (await client.hget('zhongkong:alerts', `conflict ${APP.appId}`))?.startsWith('quiet '),
    );
    // As when the quiet time is over.
    await client.hset('zhongkong:alerts', `conflict ${APP.appId}`, 'quiet 1');
    await eventually('the next alert', () => messages.length === 3);
    expect(messages.map((message) => /\[\w+\]/.exec(message)?.[0])).toEqual(['[ALERT]', '[OK]', '[ALERT]']);
  });

  it('that cannot be sent are a WARN line without the URL, and hold up no stop', async () => {
    const redis = await startRedis();
    const { url, messages } = await startReceiver(Number.POSITIVE_INFINITY);
    const lines: string[] = [];
    const { world, servers } = await startTwo(redis, url, lines);
    world.state = conflict;
    const client = await redis.connect();
    await eventually('the alert', async () => (await client.hlen('zhongkong:alerts')) === 1);
    await Promise.all(servers.map((server) => server.stop()));
    expect(messages).toEqual([]);
    expect(lines.filter((line) => line.includes('"level":"warn"'))).toHaveLength(1);
    expect(lines.join('')).not.toContain(url);
  });
});

describe('client keys that end', () => {
  const DAY = 86_400_000;

  it('are a WARN line once a day by all servers together, and an alert at each step', async () => {
    const redis = await startRedis();
    const { url, messages } = await startReceiver();
    const lines: string[] = [];
    const key = { client: 'orders', expiresAtMs: Date.now() + 10 * DAY };
    const world = { keys: [key, { client: 'never', expiresAtMs: undefined }] };
    const deps = {
      redis: await redis.connect(),
      keys: { alerts: 'zhongkong:alerts', warned: (id: string) => `zhongkong:warned:${id}` },
      engine: { apps: [], token: () => undefined },
      clients: { keys: () => world.keys },
      config: { alerts: [{ type: 'wecom', url: `${url}/wecom?key=k`, language: 'en' }] as const },
      clock: systemClock,
      nowMs: Date.now,
      log: createLogger('warn', (line) => lines.push(line)),
      metrics: { alertSent: () => {} },
      lookEveryMs: 20,
    };
    const servers = [startAlerts(deps), watchEndings(deps), watchEndings(deps)];
    for (const server of servers) cleanUp(() => server.stop());
    await eventually('the first alert', () => messages.length === 1);
    world.keys = [{ ...key, expiresAtMs: Date.now() + 2 * DAY }];
    await eventually('the next step', () => messages.length === 2);
    world.keys = [{ ...key, expiresAtMs: Date.now() + 90 * DAY }];
    await eventually('its end', () => messages.length === 3);
    expect(messages.map((message) => /\[\w+\] .*/.exec(message)?.[0].slice(0, 36))).toEqual(
      [
        '[ALERT] The keys of the client order',
        '[ALERT] The keys of the client order',
        '[OK] orders: no key ends soon any mor',
      ].map((text) => text.slice(0, 36)),
    );
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 'warn', client: 'orders' });
  });
});
