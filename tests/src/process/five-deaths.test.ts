import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { initWeixin } from '@zhongkong/client-sdk';
import { cleanUp } from '../helpers/clean-up.js';
import { API_KEY, APP, OTHER_APP, startPlatform } from '../helpers/fixtures.js';
import { readToken, reportToken } from '../helpers/http.js';
import { spawnServer } from '../helpers/server-process.js';

const DEATHS = 5;
const BETWEEN_DEATHS_MS = 3_000;
/** Of each kind and app. */
const CALLERS = 5;
const PAUSE_MS = 20;
const PATH = '/cgi-bin/getcallbackip';

const APPS = [
  { ...APP, mode: 'stable' },
  { ...OTHER_APP, mode: 'classic' },
];
const CLIENTS = [
  { name: 'shop', key: API_KEY, apps: ['*'], scopes: ['token:read', 'token:refresh', 'proxy'] },
];

/** One call of WeChat, by one way of coming to a token. @returns its errcode, or why it got none */
type Call = () => Promise<number | string>;

interface Answer {
  readonly errcode?: number;
}

/** A service in any language: reads the token, calls, reports a dead one, and calls once more. */
function plainCall(serverUrl: string, platformUrl: string, appId: string): Call {
  const call = async (token: string) => {
    const response = await fetch(`${platformUrl}${PATH}?access_token=${token}`);
    return ((await response.json()) as Answer).errcode ?? 0;
  };
  return async () => {
    const { accessToken } = await readToken(serverUrl, appId);
    const errcode = await call(accessToken);
    if (errcode !== 40001) return errcode;
    const healed = await reportToken(serverUrl, { staleToken: accessToken, errcode }, appId);
    return call(healed.accessToken);
  };
}

function proxiedCall(serverUrl: string, appId: string): Call {
  return async () => {
    const headers = { authorization: `Bearer ${API_KEY}` };
    const response = await fetch(`${serverUrl}/proxy/${appId}${PATH}`, { headers });
    return response.ok ? (((await response.json()) as Answer).errcode ?? 0) : `HTTP ${response.status}`;
  };
}

function sdkCall(serverUrl: string, platformUrl: string, appId: string): Call {
  const tokenServer = { url: serverUrl, apiKey: API_KEY };
  const weixin = initWeixin({ appId, tokenServer, baseUrl: platformUrl });
  cleanUp(() => weixin.close());
  return async () => (await weixin.request({ path: PATH })).errCode ?? 0;
}

/** Calls again and again. @returns what came of each call */
async function callUntil(call: Call, isOver: () => boolean): Promise<(number | string)[]> {
  const results: (number | string)[] = [];
  while (!isOver()) {
    results.push(await call().catch(String));
    await sleep(PAUSE_MS);
  }
  return results;
}

describe('a token that dies five times, three seconds apart, under load', () => {
  it('lets no call fail: of the SDK, of plain HTTP clients, of the proxy; in stable and in classic mode', async () => {
    const platform = await startPlatform();
    const server = spawnServer({ platform: platform.url, config: { apps: APPS, clients: CLIENTS } });
    const url = await server.ready;
    let isOver = false;
    const callers = APPS.flatMap(({ appId }) =>
      Array.from({ length: CALLERS }, () => [
        sdkCall(url, platform.url, appId),
        plainCall(url, platform.url, appId),
        proxiedCall(url, appId),
      ]).flat(),
    );
    const calls = callers.map((call) => callUntil(call, () => isOver));
    for (let deaths = 0; deaths < DEATHS; deaths += 1) {
      await sleep(BETWEEN_DEATHS_MS);
      for (const { appId } of APPS) platform.control.revoke({ appId });
    }
    await sleep(BETWEEN_DEATHS_MS);
    isOver = true;
    const results = (await Promise.all(calls)).flat();

    expect(results.filter((result) => result !== 0)).toEqual([]);
    // Each death was met by calls, so the test has shown something, and cost one fetch.
    for (const { appId } of APPS) {
      const { tokensIssued, paths } = platform.control.counters(appId);
      expect(tokensIssued.token + tokensIssued.stable).toBe(1 + DEATHS);
      expect(paths[PATH]?.errcodes['40001'] ?? 0).toBeGreaterThanOrEqual(DEATHS);
    }
  }, 90_000);
});
