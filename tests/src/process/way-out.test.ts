import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { cleanUp } from '../helpers/clean-up.js';
import { eventually } from '../helpers/eventually.js';
import { API_KEY, APP, OTHER_APP, startPlatform } from '../helpers/fixtures.js';
import { PROXY_PASSWORD, startForwardProxy } from '../helpers/forward-proxy.js';
import { readToken, reportToken } from '../helpers/http.js';
import { makeSelfSigned } from '../helpers/self-signed.js';
import { spawnServer } from '../helpers/server-process.js';

const CLIENTS = [
  { name: 'shop', key: API_KEY, apps: ['*'], scopes: ['token:read', 'token:refresh', 'proxy'] },
];
const CALL = 'cgi-bin/getcallbackip';

const headers = { authorization: `Bearer ${API_KEY}`, 'content-type': 'application/json' };

async function callThrough(server: string, appId = APP.appId): Promise<unknown> {
  return (await fetch(`${server}/proxy/${appId}/${CALL}`, { headers })).json();
}

/** The platform behind HTTPS, with a certificate that only `NODE_EXTRA_CA_CERTS` makes good. */
async function startHttpsPlatform(target: string): Promise<{ url: string; certificate: string }> {
  const { key, certificate } = makeSelfSigned();
  const files = { key: readFileSync(key), cert: readFileSync(certificate) };
  const server = createServer(files, (incoming, response) => {
    const { method, headers, url } = incoming;
    const outgoing = request(`${target}${url}`, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    incoming.pipe(outgoing);
  }).listen(0, 'localhost');
  await once(server, 'listening');
  cleanUp(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `https://localhost:${(server.address() as AddressInfo).port}`, certificate };
}

describe('a server that reaches WeChat through a proxy', () => {
  it('fetches, checks and passes calls on through it, by HTTP', async () => {
    const [platform, proxy] = [await startPlatform(), await startForwardProxy()];
    const server = spawnServer({
      platform: platform.url,
      config: { clients: CLIENTS },
      environment: { HTTP_PROXY: proxy.url },
    });
    const url = await server.ready;
    const { version } = await readToken(url);
    await reportToken(url, { staleVersion: version });
    expect(await callThrough(url)).toHaveProperty('ip_list');
    const paths = proxy.requests.map((line) => line.replace(/\?.*/, ''));
    for (const path of ['cgi-bin/stable_token', 'cgi-bin/get_api_domain_ip', CALL])
      expect(paths.some((line) => line.endsWith(` ${platform.url}/${path}`))).toBe(true);
    expect(server.output()).toContain('WeChat is reached through 127.0.0.1:');
    expect(server.output()).not.toContain(PROXY_PASSWORD);
  });

  it('does so by HTTPS in a tunnel, so that the proxy sees no token', async () => {
    const [platform, proxy] = [await startPlatform(), await startForwardProxy()];
    const https = await startHttpsPlatform(platform.url);
    const server = spawnServer({
      platform: https.url,
      config: { clients: CLIENTS },
      environment: { https_proxy: proxy.url, NODE_EXTRA_CA_CERTS: https.certificate },
    });
    const url = await server.ready;
    await readToken(url);
    const tunnels = proxy.requests.length;
    expect(tunnels).toBeGreaterThan(0);
    expect(await callThrough(url)).toHaveProperty('ip_list');
    expect(proxy.requests.length).toBeGreaterThan(tunnels);
    expect(new Set(proxy.requests)).toEqual(new Set([`CONNECT ${new URL(https.url).host}`]));
  });

  it('leaves it out for the hosts of NO_PROXY', async () => {
    const [platform, proxy] = [await startPlatform(), await startForwardProxy()];
    const environment = { HTTP_PROXY: proxy.url, NO_PROXY: 'localhost,127.0.0.1' };
    const server = spawnServer({ platform: platform.url, config: { clients: CLIENTS }, environment });
    const url = await server.ready;
    await readToken(url);
    expect(await callThrough(url)).toHaveProperty('ip_list');
    expect(proxy.requests).toEqual([]);
  });

  it.each(['http', 'https'])(
    'says when the proxy rejects it, by %s, and prints no password',
    async (scheme) => {
      const [platform, proxy] = [await startPlatform(), await startForwardProxy()];
      const https = await startHttpsPlatform(platform.url);
      const wrong = proxy.url.replace(PROXY_PASSWORD, 'a-wrong-password');
      // The app of another system has a token without a fetch, so that a call goes out.
      const external = { appId: OTHER_APP.appId, mode: 'external' };
      const clients = [{ ...CLIENTS[0], scopes: ['proxy', 'token:write'] }];
      const server = spawnServer({
        platform: scheme === 'http' ? platform.url : https.url,
        config: { apps: [APP, external], clients },
        environment: { HTTP_PROXY: wrong, HTTPS_PROXY: wrong, NODE_EXTRA_CA_CERTS: https.certificate },
      });
      const url = await server.ready;
      await eventually('the warning', () => server.output().includes('HTTP 407'));
      const pushed = { accessToken: 'a-token-of-another-system', expiresIn: 7_200 };
      const path = `${url}/v1/apps/${OTHER_APP.appId}/access-token`;
      const push = await fetch(path, { method: 'PUT', headers, body: JSON.stringify(pushed) });
      expect(push.status).toBe(200);
      expect(await callThrough(url, OTHER_APP.appId)).toMatchObject({
        code: 'upstream_unavailable',
        detail: expect.stringMatching(/proxy .* \(HTTP 407\): check .* This call was not made/),
      });
      expect(server.output()).not.toContain('a-wrong-password');
      expect(platform.control.calls({})).toEqual([]);
    },
  );

  it('is not asked for in the demo, whose sandbox runs beside it', async () => {
    const proxy = await startForwardProxy();
    const server = spawnServer({
      platform: '',
      environment: {
        ZHONGKONG_CONFIG: '',
        WECHAT_API_BASE_URL: '',
        HTTP_PROXY: proxy.url,
        https_proxy: 'socks5://127.0.0.1:1080',
      },
    });
    await server.ready;
    await eventually('the first token', () => server.output().includes('"reason":"bootstrap"'));
    expect(proxy.requests).toEqual([]);
  });

  it('does not start with a proxy of another kind, and does not print it', async () => {
    const environment = { HTTPS_PROXY: `socks5://user:${PROXY_PASSWORD}@127.0.0.1:1080` };
    const server = spawnServer({ platform: 'http://127.0.0.1:9', environment });
    expect(await server.ended).toBe(2);
    expect(server.output()).toMatch(/HTTPS_PROXY \(environment\): must be the URL of a proxy/);
    expect(server.output()).not.toContain(PROXY_PASSWORD);
  });
});
