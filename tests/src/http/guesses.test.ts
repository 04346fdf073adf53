import { describe, expect, it } from '@jest/globals';
import { API_KEY, APP, startPlatform } from '../helpers/fixtures.js';
import { startServer } from '../helpers/test-server.js';

async function start(environment: Readonly<Record<string, string>> = {}) {
  const platform = await startPlatform();
  const lines: Record<string, unknown>[] = [];
  const { url } = await startServer({
    platform: platform.url,
    environment,
    onLogLine: (line) => void lines.push(line),
  });
  const read = (key: string, forwardedFor?: string) =>
    fetch(`${url}/v1/apps/${APP.appId}/access-token`, {
      headers: {
        authorization: `Bearer ${key}`,
        ...(forwardedFor !== undefined && { 'x-forwarded-for': forwardedFor }),
      },
    });
  const dropIn = async (key: string) => {
    const query = { grant_type: 'client_credential', appid: APP.appId, secret: key };
    return (await fetch(`${url}/cgi-bin/token?${new URLSearchParams(query)}`)).json() as Promise<{
      errcode?: number;
      access_token?: string;
    }>;
  };
  const wrongKeys = async () => {
    const answer = await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${API_KEY}` } });
    return [...(await answer.text()).matchAll(/^zhongkong_wrong_keys_total\{.*\} (\d+)$/gm)]
      .map(([, count]) => Number(count))
      .reduce((sum, count) => sum + count, 0);
  };
  return { read, dropIn, wrongKeys, lines };
}

const times = (count: number) => Array.from({ length: count }, (_, index) => index);

describe('guessing client keys', () => {
  it('is slowed down on every path together, counted, and harms no key of the same address that is right', async () => {
    const { read, dropIn, wrongKeys } = await start();
    expect((await read(API_KEY)).status).toBe(200);
    const statuses = await Promise.all(times(100).map(async (one) => (await read(`guess-${one}`)).status));
    expect(new Set(statuses)).toEqual(new Set([401, 429]));
    expect(statuses.filter((status) => status === 429).length).toBeGreaterThan(20);
    const errcodes = await Promise.all(times(30).map(async (one) => (await dropIn(`guess-${one}`)).errcode));
    expect(new Set(errcodes)).toEqual(new Set([40125, 45011]));
    expect((await read(API_KEY)).status).toBe(200);
    expect((await dropIn(API_KEY)).access_token).toEqual(expect.any(String));
    expect(await wrongKeys()).toBe(130);
    // A right key that was never used before waits for a second, like a guess.
    expect((await read('the-key-of-the-reader')).status).toBe(200);
  });

  it('on the drop-in paths counts as well, though their answers have HTTP 200', async () => {
    const { read, dropIn } = await start();
    await Promise.all(times(70).map((one) => dropIn(`guess-${one}`)));
    const statuses = await Promise.all(times(30).map(async (one) => (await read(`guess-${one}`)).status));
    expect(statuses).toContain(429);
  });

  it('counts for the address that a trusted proxy names, and for no other behind the same proxy', async () => {
    const { read, lines } = await start({ TRUST_PROXY: 'loopback, 10.0.0.0/8' });
    // What the guesser itself wrote into the header stands on the left.
    const guesser = '198.51.100.1, 203.0.113.9, 10.0.0.2';
    await Promise.all(times(70).map((one) => read(`guess-${one}`, guesser)));
    const after = await Promise.all(
      times(30).map(async (one) => (await read(`guess-${one}`, guesser)).status),
    );
    expect(after).toContain(429);
    const others = await Promise.all(
      times(50).map(async (one) => (await read(`guess-${one}`, '198.51.100.1')).status),
    );
    expect(new Set(others)).toEqual(new Set([401]));
    expect(lines).toContainEqual(expect.objectContaining({ level: 'warn', address: '203.0.113.9' }));
  });

  it('counts for the connection when nobody is trusted, whatever X-Forwarded-For says', async () => {
    const { read, lines } = await start();
    const statuses = await Promise.all(
      times(100).map(async (one) => (await read(`guess-${one}`, `203.0.113.${one}`)).status),
    );
    expect(statuses).toContain(429);
    expect(lines).toContainEqual(expect.objectContaining({ level: 'warn', address: '127.0.0.1' }));
    expect(JSON.stringify(lines)).not.toContain('203.0.113.');
  });
});
