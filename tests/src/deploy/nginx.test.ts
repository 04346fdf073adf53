import { EventEmitter, once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { readEvents } from '../helpers/event-reader.js';
import { eventually } from '../helpers/eventually.js';
import { API_KEY, APP, startPlatform } from '../helpers/fixtures.js';
import { readToken, reportToken } from '../helpers/http.js';
import { type Nginx, startNginx } from '../helpers/nginx.js';
import { startRawUpstream } from '../helpers/raw-upstream.js';
import { type RedisProcess, startRedis } from '../helpers/redis-process.js';
import { spawnServer } from '../helpers/server-process.js';
import { startServer } from '../helpers/test-server.js';
import { findTool } from '../helpers/tools.js';

// `npm test` gets nginx out of the Debian package; where it cannot, these are skipped.
const describeWithNginx = findTool('nginx') === undefined ? describe.skip : describe;

const CLIENT = {
  name: 'order-service',
  key: API_KEY,
  apps: [APP.appId],
  scopes: ['token:read', 'token:refresh', 'proxy'],
};
const bearer = { authorization: `Bearer ${API_KEY}` };
const LINES: Record<string, unknown>[] = [];

describeWithNginx('deploy/nginx/zhongkong.conf', () => {
  let platform: Awaited<ReturnType<typeof startPlatform>>;
  let nginx: Nginx;
  let redis: RedisProcess;

  const optionsFor = (upstream: string) => ({
    platform: upstream,
    redisUrl: redis.url,
    config: { apps: [APP], clients: [CLIENT] },
    environment: { TRUST_PROXY: 'loopback', ACCESS_LOG: 'all' },
  });

  beforeAll(async () => {
    platform = await startPlatform();
    redis = await startRedis();
    const servers = await Promise.all(
      [0, 1].map(() =>
        startServer({ ...optionsFor(platform.url), onLogLine: (line) => void LINES.push(line) }),
      ),
    );
    nginx = await startNginx(servers.map(({ url }) => url));
  }, 60_000);

  it('passes nginx -t without a warning', () => {
    expect(nginx.verdict).toMatch(/syntax is ok[\s\S]*test is successful/);
    expect(nginx.verdict).not.toMatch(/warn/);
  });

  it('serves HTTPS, and the same id of a request is in the answer and in both logs, with the address of the caller', async () => {
    const headers = {
      ...bearer,
      host: 'localhost',
      'x-request-id': 'an-id-of-the-caller',
      'x-forwarded-for': '203.0.113.9',
    };
    const path = `/v1/apps/${APP.appId}/access-token?secret=${API_KEY}`;
    const options = { port: nginx.tlsPort, host: 'localhost', ca: nginx.certificate, path, headers };
    const [answer] = (await once(httpsRequest(options).end(), 'response')) as [IncomingMessage];
    answer.resume();
    await once(answer, 'end');
    expect([answer.statusCode, answer.headers['x-request-id']]).toEqual([200, 'an-id-of-the-caller']);
    const line = await eventually('the line in the log of the server', () =>
      LINES.find(({ requestId, status }) => requestId === 'an-id-of-the-caller' && status === 200),
    );
    // In the test, both the caller and nginx are on the loopback; what stands before them is the caller's own proxy.
    expect(line).toMatchObject({ address: '203.0.113.9', client: 'order-service' });
    expect(nginx.accessLog()).toContain(' 200 ');
    expect(nginx.accessLog()).toContain('an-id-of-the-caller');
    expect(nginx.accessLog()).not.toContain(API_KEY);
    const plain = await fetch(`${nginx.url}/healthz`);
    expect(plain.headers.get('x-request-id')).toMatch(/^[0-9a-f]{32}$/);
    expect((await fetch(`${nginx.url}/metrics`, { headers: bearer })).status).toBe(404);
  });

  it('passes a report on, and each event of a stream at once', async () => {
    const stream = await readEvents(nginx.url, { query: `?apps=${APP.appId}` });
    const { data: first } = await stream.event(0);
    platform.control.revoke({ appId: APP.appId });
    const { accessToken, refreshed } = await reportToken(nginx.url, {
      staleToken: first.accessToken,
      errcode: 40001,
    });
    expect(refreshed).toBe(true);
    expect((await stream.event(1)).data.accessToken).toBe(accessToken);
  });

  it('streams an upload to WeChat while it is being sent', async () => {
    const arrived = new EventEmitter();
    const upstream = await startRawUpstream((request, response) => {
      let bytes = 0;
      request.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        arrived.emit('data');
      });
      request.on('end', () => response.end(JSON.stringify({ bytes })));
    });
    const config = { apps: [APP], clients: [CLIENT] };
    const { url } = await startNginx([(await startServer({ platform: upstream.url, config })).url]);
    const path = `${url}/proxy/${APP.appId}/cgi-bin/media/upload`;
    const upload = httpRequest(path, { method: 'POST', headers: bearer });
    const piece = Buffer.alloc(1024 * 1024, 'x');
    const began = once(arrived, 'data');
    upload.write(piece);
    await began;
    for (let count = 1; count < 12; count += 1) upload.write(piece);
    upload.end();
    const [answer] = (await once(upload, 'response')) as [IncomingMessage];
    expect(JSON.parse(await readAll(answer))).toEqual({ bytes: 12 * piece.length });
  });

  it('loses no read, no report and no request for a token when one of the servers is killed', async () => {
    const [first, second] = [spawnServer(optionsFor(platform.url)), spawnServer(optionsFor(platform.url))];
    const { url } = await startNginx([await first.ready, await second.ready]);
    const { version } = await readToken(url);
    const dropIn = async () => {
      const query = `grant_type=client_credential&appid=${APP.appId}&secret=${API_KEY}`;
      expect(await (await fetch(`${url}/cgi-bin/token?${query}`)).json()).toHaveProperty('access_token');
    };
    const report = () => reportToken(url, { staleVersion: version - 1, errcode: 40001 });
    let isOver = false;
    let calls = 0;
    const goOn = async (call: () => Promise<unknown>) => {
      for (; !isOver; calls += 1) await call();
    };
    const callers = Promise.all(
      [() => readToken(url), report, () => readToken(url), report, dropIn].map(goOn),
    );
    callers.catch(() => {
      isOver = true;
    });
    const callsMore = (count: number) => {
      const goal = calls + count;
      return eventually(`${count} calls`, () => isOver || calls >= goal);
    };
    await callsMore(100);
    first.kill('SIGKILL');
    await first.ended;
    await callsMore(300);
    isOver = true;
    await callers;
  });
});

async function readAll(answer: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of answer) text += chunk;
  return text;
}
