import { describe, expect, it } from '@jest/globals';
import { problem } from '@zhongkong/shared/contract';
import request from 'supertest';
import { type EventReaderOptions, readEvents } from '../helpers/event-reader.js';
import { eventually } from '../helpers/eventually.js';
import { API_KEY, APP, OTHER_APP, startPlatform } from '../helpers/fixtures.js';
import { readToken, reportToken } from '../helpers/http.js';
import { CLIENTS, startServer } from '../helpers/test-server.js';

const READER = 'the-key-of-the-reader';
const clients = [
  ...CLIENTS,
  { name: 'reporter', key: 'only-reports', apps: ['*'], scopes: ['token:refresh'] },
];

async function start() {
  const platform = await startPlatform();
  const config = { clients, policy: { passiveCooldown: 0 } };
  const server = await startServer({ platform: platform.url, config });
  const first = await readToken(server.url);
  await eventually(
    'the other token',
    async () => (await request(server.url).get(`/readyz?app=${OTHER_APP.appId}`)).status === 200,
  );
  const renew = async (version: number) => {
    platform.control.revoke({ appId: APP.appId });
    return reportToken(server.url, { staleVersion: version });
  };
  return {
    server,
    first,
    renew,
    open: (options?: EventReaderOptions) => readEvents(server.url, options),
    get: (query: string, key = API_KEY) =>
      request(server.url).get(`/v1/events${query}`).set('authorization', `Bearer ${key}`),
  };
}

describe('GET /v1/events', () => {
  it('sends the current token, then each new one, with the body of a read and an id', async () => {
    const { open, first, renew } = await start();
    const reader = await open({ query: `?apps=${APP.appId}` });
    expect(reader.status).toBe(200);
    expect(reader.headers).toMatchObject({
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    const current = await reader.event(0);
    expect(current.id).toBe(`${APP.appId}:${first.version}`);
    expect(current.data).toMatchObject({
      accessToken: first.accessToken,
      version: first.version,
      refreshIn: 60,
    });
    const second = await renew(first.version);
    expect((await reader.event(1)).data).toMatchObject({
      accessToken: second.accessToken,
      version: second.version,
    });
    const third = await renew(second.version);
    expect((await reader.event(2)).id).toBe(`${APP.appId}:${third.version}`);
    expect(reader.events).toHaveLength(3);
    // The first comes at once, so that proxies pass the headers on.
    expect(reader.comments()).toBe(1);
  });

  it('tells a client of all that its key may see when it names no app, and of nothing else', async () => {
    const { open, first, renew } = await start();
    const [all, own] = [await open({ key: READER }), await open()];
    await all.event(1);
    expect(all.events.map(({ data }) => data.appId).sort()).toEqual([APP.appId, OTHER_APP.appId].sort());
    const { version } = await renew(first.version);
    expect((await all.event(2)).data.version).toBe(version);
    expect((await own.event(1)).data.version).toBe(version);
    expect(own.events.map(({ data }) => data.appId)).toEqual([APP.appId, APP.appId]);
  });

  it('does not send again what Last-Event-ID says the client has, of one app or of several', async () => {
    const { open, first, renew } = await start();
    const one = await open({ key: READER, lastEventId: `${APP.appId}:${first.version}` });
    const { id: otherId, data } = await one.event(0);
    expect(data.appId).toBe(OTHER_APP.appId);
    const both = await open({ key: READER, lastEventId: `${APP.appId}:${first.version},${otherId}` });
    const { version } = await renew(first.version);
    expect((await both.event(0)).data).toMatchObject({ appId: APP.appId, version });
    expect((await one.event(1)).data.version).toBe(version);
    const behind = await open({ lastEventId: `${APP.appId}:${first.version}` });
    expect((await behind.event(0)).data.version).toBe(version);
  });

  it.each([
    ['?apps=wx1', READER, 404, 'unknown_app'],
    [`?apps=${APP.appId},wx1`, READER, 404, 'unknown_app'],
    [`?apps=${APP.appId},${OTHER_APP.appId}`, API_KEY, 403, 'forbidden'],
    ['', 'only-reports', 403, 'forbidden'],
    ['', 'nobody', 401, 'unauthorized'],
    ['?apps=', API_KEY, 400, 'invalid_request'],
    ['?apps=a&apps=b', API_KEY, 400, 'invalid_request'],
    ['?apps=a/b', API_KEY, 400, 'invalid_request'],
    ['?app=a', API_KEY, 400, 'invalid_request'],
  ])('refuses %s with the key %s: %d %s', async (query, key, status, code) => {
    const { get } = await start();
    const response = await get(query, key).expect(status);
    expect(problem.parse(response.body).code).toBe(code);
  });

  it('answers HEAD without a stream, and counts the streams that are open', async () => {
    const { server, open, get } = await start();
    await request(server.url)
      .head('/v1/events')
      .set('authorization', `Bearer ${API_KEY}`)
      .expect(200)
      .expect('content-type', 'text/event-stream');
    const streams = async () => {
      const { text } = await request(server.url).get('/metrics').set('authorization', `Bearer ${API_KEY}`);
      return Number(/^zhongkong_event_streams (\d+)$/m.exec(text)?.[1]);
    };
    const [one, two] = [await open(), await open()];
    expect(await streams()).toBe(2);
    one.close();
    two.close();
    await eventually('the end of both', async () => (await streams()) === 0);
    await get('?apps=wx1').expect(403);
  });

  it('ends the streams when the server stops, which does not have to wait for them', async () => {
    const { server, open } = await start();
    const readers = await Promise.all(Array.from({ length: 20 }, () => open()));
    await Promise.all(readers.map((reader) => reader.event(0)));
    const ends = Promise.all(readers.map(({ ended }) => ended));
    await Promise.all([server.stop(), ends]);
    expect(await ends).toEqual(readers.map(() => true));
    const retries = readers.map(({ moves }) => moves.map(({ retryMs }) => retryMs));
    expect(retries.every(({ length }) => length === 1)).toBe(true);
    expect(new Set(retries.flat()).size).toBeGreaterThan(10);
  });
});
