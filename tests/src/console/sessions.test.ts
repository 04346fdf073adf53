import { describe, expect, it } from '@jest/globals';
import { eventually } from '../helpers/eventually.js';
import { API_KEY, APP, startPlatform } from '../helpers/fixtures.js';
import { startRedis } from '../helpers/redis-process.js';
import { startServer } from '../helpers/test-server.js';

const ADMIN = 'the-key-of-the-operator';
const OWN = { 'x-zhongkong-console': '1' };
const config = {
  clients: [
    { name: 'order-service', key: API_KEY, apps: ['*'] },
    { name: 'operator', key: ADMIN, apps: ['*'], scopes: ['admin'] },
  ],
};

/** @returns the cookie of a new session, or the status of the refusal */
async function signIn(url: string, key: string): Promise<string> {
  const answer = await fetch(`${url}/console/session`, {
    method: 'POST',
    headers: { ...OWN, 'content-type': 'application/json' },
    body: JSON.stringify({ key }),
  });
  return answer.headers.get('set-cookie')?.split(';')[0] ?? String(answer.status);
}

async function listApps(url: string, cookie: string, headers: Record<string, string> = {}): Promise<number> {
  return (await fetch(`${url}/v1/apps`, { headers: { ...OWN, cookie, ...headers } })).status;
}

const openLive = (url: string, cookie: string) =>
  fetch(`${url}/console/live`, { headers: { ...OWN, cookie }, signal: AbortSignal.timeout(20_000) });

/** Resolves when the server ends the stream. */
async function ended(stream: Response): Promise<void> {
  // A stream that the server cuts off rejects.
  await stream.text().catch((error: Error) => {
    if (error.name === 'TimeoutError') throw error;
  });
}

async function startTwo() {
  const [platform, redis] = await Promise.all([startPlatform(), startRedis()]);
  const options = { platform: platform.url, redisUrl: redis.url, config };
  const [one, other] = await Promise.all([startServer(options), startServer(options)]);
  return { one: one.url, other: other.url, redis };
}

async function createAdmin(url: string): Promise<{ id: string; key: string }> {
  const answer = await fetch(`${url}/v1/clients`, {
    method: 'POST',
    headers: { authorization: `Bearer ${ADMIN}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'second operator', apps: ['*'], scopes: ['admin'] }),
  });
  return (await answer.json()) as { id: string; key: string };
}

describe('a session of the console', () => {
  it('counts at every server, and ends at every server when it is signed out at one', async () => {
    const { one, other } = await startTwo();
    const cookie = await signIn(one, ADMIN);
    expect([await listApps(one, cookie), await listApps(other, cookie)]).toEqual([200, 200]);
    const streams = await Promise.all([openLive(one, cookie), openLive(other, cookie)]);
    await fetch(`${other}/console/session`, { method: 'DELETE', headers: { ...OWN, cookie } });
    await eventually('one server refuses it too', async () => (await listApps(one, cookie)) === 401);
    expect(await listApps(other, cookie)).toBe(401);
    await Promise.all(streams.map(ended));
  });

  it('ends with its key, and its live stream with it, at every server', async () => {
    const { one, other } = await startTwo();
    const { id, key } = await createAdmin(one);
    const cookie = await signIn(one, key);
    await eventually('the other knows the key', async () => (await listApps(other, cookie)) === 200);
    const streams = await Promise.all([openLive(one, cookie), openLive(other, cookie)]);
    await fetch(`${one}/v1/clients/${id}`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${ADMIN}` },
    });
    await Promise.all(streams.map(ended));
    expect([await listApps(one, cookie), await listApps(other, cookie)]).toEqual([401, 401]);
  });

  it('goes on while Redis is away, when operators need it most', async () => {
    const { one, redis } = await startTwo();
    const cookie = await signIn(one, ADMIN);
    redis.kill('SIGKILL');
    expect(await listApps(one, cookie)).toBe(200);
    expect(await listApps(one, await signIn(one, ADMIN))).toBe(200);
  });

  it('is nobody’s whose cookie was made or changed by somebody else', async () => {
    const { one } = await startTwo();
    const cookie = await signIn(one, ADMIN);
    const middle = Math.floor(cookie.length / 2);
    const changed = `${cookie.slice(0, middle)}${cookie[middle] === 'A' ? 'B' : 'A'}${cookie.slice(middle + 1)}`;
    const made = `zhongkong_console=${Buffer.from('{"id":"1"}').toString('base64url')}`;
    for (const wrong of [changed, made, 'zhongkong_console=', ''])
      expect(await listApps(one, wrong)).toBe(401);
  });

  it('does not count for a request that a page of another site has sent', async () => {
    const { one } = await startTwo();
    const cookie = await signIn(one, ADMIN);
    for (const site of ['cross-site', 'same-site'])
      expect(await listApps(one, cookie, { 'sec-fetch-site': site })).toBe(401);
    expect(await listApps(one, cookie, { 'sec-fetch-site': 'same-origin' })).toBe(200);
    // A browser asks before it sends a header of its own to another site, and gets no permission.
    const asked = await fetch(`${one}/v1/apps/${APP.appId}`, {
      method: 'OPTIONS',
      headers: {
        origin: 'https://evil.example',
        'access-control-request-method': 'PUT',
        'access-control-request-headers': 'x-zhongkong-console',
      },
    });
    expect(asked.headers.get('access-control-allow-origin')).toBeNull();
    expect(asked.headers.get('access-control-allow-headers')).toBeNull();
  });

  it('is not opened by guessing: guesses are slowed down as everywhere', async () => {
    const { one } = await startTwo();
    const guesses = Array.from({ length: 100 }, (_, index) => signIn(one, `guess-${index}`));
    const answers = await Promise.all(guesses);
    expect(new Set(answers)).toEqual(new Set(['401', '429']));
    expect(answers.filter((answer) => answer === '429').length).toBeGreaterThan(20);
  });
});
