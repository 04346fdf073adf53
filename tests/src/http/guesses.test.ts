import { describe, expect, it } from '@jest/globals';
import { API_KEY, APP, startPlatform } from '../helpers/fixtures.js';
import { startServer } from '../helpers/test-server.js';

async function start() {
  const platform = await startPlatform();
  const { url } = await startServer({ platform: platform.url });
  const read = (key: string) =>
    fetch(`${url}/v1/apps/${APP.appId}/access-token`, { headers: { authorization: `Bearer ${key}` } });
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
  return { read, dropIn, wrongKeys };
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
});
