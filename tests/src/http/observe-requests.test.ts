import { describe, expect, it } from '@jest/globals';
import { eventually } from '../helpers/eventually.js';
import { API_KEY, APP, startPlatform } from '../helpers/fixtures.js';
import { readToken } from '../helpers/http.js';
import { startServer } from '../helpers/test-server.js';

const PATH = `/v1/apps/${APP.appId}/access-token`;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const auth = { authorization: `Bearer ${API_KEY}` };

async function start(environment: Readonly<Record<string, string>>) {
  const platform = await startPlatform();
  const lines: Record<string, unknown>[] = [];
  const onLogLine = (line: Record<string, unknown>) => void lines.push(line);
  const { url } = await startServer({ platform: platform.url, environment, onLogLine });
  const requests = () => lines.filter(({ msg }) => msg === 'request');
  const logged = (count: number) =>
    eventually('the last line', () => requests().length >= count && requests());
  return { url, lines, requests, logged };
}

describe('a request', () => {
  it('is logged with its whole path, and counted under its route, however it is written and ends', async () => {
    const { url, lines, logged } = await start({ LOG_LEVEL: 'debug', ACCESS_LOG: 'off' });
    const { accessToken } = await readToken(url);
    const called = [PATH, `/V1${PATH.slice(3)}`, '/Cgi-Bin/token', '/cgi-bin/getcallbackip', '/nothing'];
    for (const path of called) await (await fetch(`${url}${path}?access_token=${accessToken}`)).text();
    const found = await logged(called.length + 1);
    expect(found.map(({ level, path, status }) => `${level} ${path} ${status}`).slice(1)).toEqual([
      `debug ${PATH} 401`,
      `debug /V1${PATH.slice(3)} 401`,
      'debug /Cgi-Bin/token 200',
      'debug /cgi-bin/getcallbackip 200',
      'debug /nothing 200',
    ]);
    expect(JSON.stringify(lines)).not.toContain(accessToken);

    const text = await (await fetch(`${url}/metrics`, { headers: auth })).text();
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

  it('is in the log at level info by default only if it failed, with who asked from where and its id', async () => {
    const { url, requests, logged } = await start({});
    await readToken(url);
    const dropIn = { grant_type: 'client_credential', secret: API_KEY };
    await fetch(`${url}/cgi-bin/token?${new URLSearchParams({ ...dropIn, appid: APP.appId })}`);
    const refused = await fetch(`${url}/v1/apps?secret=1`, { headers: { ...auth, 'x-request-id': 'id-1' } });
    expect([refused.status, refused.headers.get('x-request-id')]).toEqual([403, 'id-1']);
    await fetch(`${url}/cgi-bin/token?${new URLSearchParams({ ...dropIn, appid: 'wx0' })}`);
    await logged(2);
    expect(requests()).toEqual([
      expect.objectContaining({
        level: 'info',
        method: 'GET',
        path: '/v1/apps',
        status: 403,
        client: 'order-service',
        address: '127.0.0.1',
        requestId: 'id-1',
        tookMs: expect.any(Number),
      }),
      expect.objectContaining({
        level: 'info',
        path: '/cgi-bin/token',
        status: 200,
        errcode: 40013,
        client: 'order-service',
        requestId: expect.stringMatching(UUID),
      }),
    ]);
  });

  it('is in the log whatever became of it with ACCESS_LOG=all, with its client on the drop-in paths too', async () => {
    const { url, logged } = await start({ ACCESS_LOG: 'all' });
    const query = { grant_type: 'client_credential', appid: APP.appId, secret: API_KEY };
    await fetch(`${url}/cgi-bin/token?${new URLSearchParams(query)}`);
    await fetch(`${url}/healthz`);
    const found = await logged(2);
    expect(found.map(({ level, path, client }) => [level, path, client])).toEqual([
      ['info', '/cgi-bin/token', 'order-service'],
      ['info', '/healthz', undefined],
    ]);
    expect(JSON.stringify(found)).not.toContain(API_KEY);
  });

  it('whose answer was not awaited is marked', async () => {
    const { url, logged } = await start({ ACCESS_LOG: 'all' });
    const stop = new AbortController();
    await fetch(`${url}/v1/events`, { headers: auth, signal: stop.signal });
    stop.abort();
    expect(await logged(1)).toEqual([expect.objectContaining({ path: '/v1/events', aborted: true })]);
  });

  it('keeps the id of its caller if it is printable and at most 128 characters long, else gets one', async () => {
    const { url } = await start({ ACCESS_LOG: 'off' });
    const idFor = async (id?: string, path = '/healthz') =>
      (await fetch(`${url}${path}`, { headers: id === undefined ? {} : { 'x-request-id': id } })).headers.get(
        'x-request-id',
      );
    for (const id of ['a', '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01', '!~', 'x'.repeat(128)])
      expect(await idFor(id)).toBe(id);
    for (const id of [undefined, '', 'x'.repeat(129), 'two words', 'caf\u00e9'])
      expect(await idFor(id)).toMatch(UUID);
    expect(await idFor()).not.toBe(await idFor());
    // On every face of the server, and whatever the answer is.
    for (const path of ['/nothing', '/cgi-bin/token', `/proxy/${APP.appId}/cgi-bin/getcallbackip`])
      expect(await idFor('id-2', path)).toBe('id-2');
  });
});
