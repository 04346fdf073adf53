import { describe, expect, it } from '@jest/globals';
import { eventually } from '../helpers/eventually.js';
import { API_KEY, APP, startPlatform } from '../helpers/fixtures.js';
import { readToken } from '../helpers/http.js';
import { spawnServer } from '../helpers/server-process.js';

const PATH = `/v1/apps/${APP.appId}/access-token`;

describe('a request', () => {
  it('is logged with its whole path, and counted under its route, however it is written and ends', async () => {
    const platform = await startPlatform();
    const server = spawnServer({ platform: platform.url, environment: { LOG_LEVEL: 'debug' } });
    const url = await server.ready;
    const { accessToken } = await readToken(url);
    const called = [PATH, `/V1${PATH.slice(3)}`, '/Cgi-Bin/token', '/cgi-bin/getcallbackip', '/nothing'];
    for (const path of called) await (await fetch(`${url}${path}?access_token=${accessToken}`)).text();
    const lines = await eventually('the last line', () => {
      const found = [...server.output().matchAll(/"path":"([^"]*)","status":(\d+)/g)].map(
        ([, path, status]) => `${path} ${status}`,
      );
      return found.length > called.length && found;
    });
    expect(lines.slice(1)).toEqual([
      `${PATH} 401`,
      `/V1${PATH.slice(3)} 401`,
      '/Cgi-Bin/token 200',
      '/cgi-bin/getcallbackip 200',
      '/nothing 200',
    ]);
    expect(server.output()).not.toContain(accessToken);

    const headers = { authorization: `Bearer ${API_KEY}` };
    const text = await (await fetch(`${url}/metrics`, { headers })).text();
    const counts = text.matchAll(
      /^zhongkong_http_request_duration_seconds_count\{method="GET",route="([^"]*)",status="(\d+)"\} (\d+)$/gm,
    );
    expect([...counts].map(([, route, status, count]) => `${route} ${status}: ${count}`).sort()).toEqual([
      '/cgi-bin/token 200: 1',
      '/v1/apps/:appId/access-token 200: 1',
      '/v1/apps/:appId/access-token 401: 2',
      'relay 200: 2',
    ]);
  });
});
