import { once } from 'node:events';
import { Agent, get, type IncomingMessage } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { cleanUp } from '../helpers/clean-up.js';
import { eventually } from '../helpers/eventually.js';
import { API_KEY, APP, startPlatform } from '../helpers/fixtures.js';
import { readToken } from '../helpers/http.js';
import { childrenOf, isRunning } from '../helpers/processes.js';
import { startRedis } from '../helpers/redis-process.js';
import { type ServerProcess, spawnServer } from '../helpers/server-process.js';

/** Sends the signal. @returns how it ended; a server that does not stop lets the test run out of time */
function stopped(server: ServerProcess): Promise<number | string> {
  server.kill('SIGTERM');
  return server.ended;
}

describe('a server that gets a signal to stop ends with 0', () => {
  it.each([
    ['is dead', 'SIGKILL'],
    ['hangs', 'SIGSTOP'],
  ] as const)('while the Redis that it was given %s', async (_what, signal) => {
    const [redis, platform] = await Promise.all([startRedis(), startPlatform()]);
    const server = spawnServer({ platform: platform.url, redisUrl: redis.url });
    await readToken(await server.ready);
    redis.kill(signal);
    expect(await stopped(server)).toBe(0);
  });

  it('when its own Redis was killed just before', async () => {
    const platform = await startPlatform();
    const server = spawnServer({ platform: platform.url });
    await readToken(await server.ready);
    const [redis = 0] = childrenOf(server.pid);
    process.kill(redis, 'SIGKILL');
    expect(await stopped(server)).toBe(0);
    expect(isRunning(redis)).toBe(false);
  });
});

describe('with a drain delay, a server', () => {
  it('goes on after SIGTERM, but not ready, until a second signal ends it; Ctrl-C does not wait for the delay', async () => {
    const platform = await startPlatform();
    const environment = { DRAIN_DELAY: '300' };
    const [stopped, interrupted] = [1, 2].map(() => spawnServer({ platform: platform.url, environment }));
    if (stopped === undefined || interrupted === undefined) throw new Error('unreachable');
    const [url] = await Promise.all([stopped.ready, interrupted.ready]);
    interrupted.kill('SIGINT');
    stopped.kill('SIGTERM');
    await eventually('the end of its readiness', async () => (await fetch(`${url}/readyz`)).status === 503);
    expect(await interrupted.ended).toBe(0);
    await readToken(url);
    // The same signal right after the first one counts as one.
    const again = setInterval(() => stopped.kill('SIGTERM'), 100);
    cleanUp(() => clearInterval(again));
    expect(await stopped.ended).toBe(130);
  });
});

describe('while it stops, a server', () => {
  it('still answers on the connections that it has, and says that it will close them', async () => {
    const platform = await startPlatform();
    const server = spawnServer({ platform: platform.url });
    const url = await server.ready;
    await readToken(url);
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    cleanUp(() => agent.destroy());
    expect((await ask(`${url}/healthz`, agent)).headers.connection).toBe('keep-alive');
    server.kill('SIGTERM');
    await eventually('the signal', () => server.output().includes('"stopping"'));
    const answer = await ask(`${url}/healthz`, agent);
    expect([answer.statusCode, answer.headers.connection]).toEqual([200, 'close']);
    expect(await server.ended).toBe(0);
  });

  it('lets a request that was under way end, and says so to it too', async () => {
    const platform = await startPlatform();
    const server = spawnServer({ platform: platform.url });
    const url = await server.ready;
    const { version } = await readToken(url);
    platform.control.revoke({ appId: APP.appId });
    platform.control.addFault({
      kind: 'late',
      delayMs: 500,
      path: '/cgi-bin/stable_token',
      appId: APP.appId,
    });
    const report = fetch(`${url}/v1/apps/${APP.appId}/access-token/refresh`, {
      method: 'POST',
      headers: { authorization: `Bearer ${API_KEY}`, 'content-type': 'application/json' },
      body: JSON.stringify({ staleVersion: version }),
    });
    await eventually(
      'the fetch',
      () => platform.control.calls({ path: '/cgi-bin/stable_token', appId: APP.appId }).length === 2,
    );
    server.kill('SIGTERM');
    const answer = await report;
    expect(answer.status).toBe(200);
    expect(answer.headers.get('connection')).toBe('close');
    expect(await answer.json()).toMatchObject({ refreshed: true });
    expect(await server.ended).toBe(0);
  });
});

async function ask(url: string, agent: Agent): Promise<IncomingMessage> {
  const [answer] = (await once(get(url, { agent }), 'response')) as [IncomingMessage];
  answer.resume();
  await once(answer, 'end');
  return answer;
}
