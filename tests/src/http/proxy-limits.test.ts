import { once } from 'node:events';
import { Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { cleanUp } from '../helpers/clean-up.js';
import { eventually } from '../helpers/eventually.js';
import { APP, OTHER_APP, startPlatform } from '../helpers/fixtures.js';
import { startRawUpstream } from '../helpers/raw-upstream.js';
import { CLIENTS, startServer } from '../helpers/test-server.js';

const KEY = 'the-key-of-the-caller';
const caller = { name: 'caller', key: KEY, apps: ['*'], scopes: ['proxy', 'login'] };
const otherCaller = { ...caller, name: 'other caller', key: 'the-key-of-another-caller' };
const headers = { authorization: `Bearer ${KEY}` };
/** What one client of an app may have under way at WeChat; the app may have more. */
const CALLS_MAX = 192;

describe('the proxy', () => {
  it('lets no app, no other key, and no login wait for calls that WeChat does not answer', async () => {
    const upstream = await startRawUpstream((asked, response) => {
      if (asked.url?.startsWith('/cgi-bin/hang')) return;
      response.end(asked.url?.startsWith('/sns/') ? '{"openid":"o","session_key":"k"}' : '{}');
    });
    const server = await startServer({
      platform: upstream.url,
      config: { clients: [...CLIENTS, caller, otherCaller] },
    });
    const agent = new Agent({ maxSockets: CALLS_MAX + 1 });
    cleanUp(() => agent.destroy());
    for (let count = 0; count <= CALLS_MAX; count += 1) {
      const call = httpRequest(`${server.url}/proxy/${APP.appId}/cgi-bin/hang`, { agent, headers }).end();
      call.on('error', () => {});
    }
    await eventually('the calls that hang', () => upstream.seen.length === CALLS_MAX);

    const signal = AbortSignal.timeout(5_000);
    const other = await fetch(`${server.url}/proxy/${OTHER_APP.appId}/cgi-bin/a`, { headers, signal });
    expect(other.status).toBe(200);
    const otherKey = await fetch(`${server.url}/proxy/${APP.appId}/cgi-bin/a`, {
      headers: { authorization: `Bearer ${otherCaller.key}` },
      signal,
    });
    expect(otherKey.status).toBe(200);
    const login = await fetch(`${server.url}/v1/apps/${APP.appId}/code2session`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: '{"jsCode":"a"}',
      signal,
    });
    expect(login.status).toBe(200);
    // The one call too many has waited all the time, and gives its place back when its client leaves.
    expect(upstream.seen.filter(({ url }) => url.startsWith('/cgi-bin/hang'))).toHaveLength(CALLS_MAX);
    agent.destroy();
    const next = await fetch(`${server.url}/proxy/${APP.appId}/cgi-bin/a`, { headers, signal });
    expect(next.status).toBe(200);
  });
});

describe('a client whose body was not read', () => {
  it.each([
    ['through the proxy, without a token to call with', `/proxy/${APP.appId}/cgi-bin/a`, 503],
    ['of JSON that is too large', `/v1/apps/${APP.appId}/access-token/refresh`, 413],
    ['to a drop-in path', '/cgi-bin/stable_token', 200],
    ['where nothing is', '/nothing', 404],
  ])('%s can use its connection on', async (_what, path, status) => {
    const platform = await startPlatform();
    const apps = [{ appId: APP.appId, mode: 'external' }, OTHER_APP];
    const clients = [{ ...caller, scopes: ['proxy', 'token:refresh'] }];
    const server = await startServer({ platform: platform.url, config: { apps, clients } });
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    cleanUp(() => agent.destroy());
    const upload = httpRequest(`${server.url}${path}`, {
      agent,
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
    });
    upload.end(Buffer.alloc(4_000_000, ' '));
    const [refused] = (await once(upload, 'response')) as [IncomingMessage];
    expect(refused.statusCode).toBe(status);
    await once(refused.resume(), 'end');
    const next = httpRequest(`${server.url}/healthz`, { agent }).end();
    const signal = AbortSignal.timeout(5_000);
    const [answer] = (await once(next, 'response', { signal })) as [IncomingMessage];
    expect(answer.statusCode).toBe(200);
    answer.resume();
  });
});
