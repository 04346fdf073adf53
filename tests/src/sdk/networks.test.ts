import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { initWeixin } from '@zhongkong/client-sdk';
import { runScript } from '../helpers/child-script.js';
import { cleanUp } from '../helpers/clean-up.js';
import { API_KEY, APP } from '../helpers/fixtures.js';
import { startScriptedServer } from '../helpers/scripted-server.js';
import { serve } from '../helpers/serve.js';

/** A proxy that tunnels everything to one port of this machine. */
async function startProxy(targetPort: number) {
  const tunnels: string[] = [];
  const proxy = createServer();
  proxy.on('connect', ({ url = '' }, socket) => {
    tunnels.push(url);
    const upstream = connect(targetPort, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      upstream.pipe(socket).pipe(upstream);
    });
    for (const end of [upstream, socket]) end.on('error', () => {});
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  cleanUp(() => {
    proxy.close();
    proxy.closeAllConnections();
  });
  return { url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`, tunnels };
}

describe('a way out through a proxy', () => {
  it('is taken by calls and by the stream of updates, with the one line of the README', async () => {
    const server = await startScriptedServer();
    const { url, tunnels } = await startProxy(Number(new URL(server.url).port));
    const child = runScript(
      `import { EnvHttpProxyAgent, setGlobalDispatcher } from 'undici';
      setGlobalDispatcher(new EnvHttpProxyAgent());
      import { createTokenClient } from '@zhongkong/client-sdk';
      const tokens = createTokenClient({ server: 'http://token-server.test:7200', apiKey: '${API_KEY}', appId: '${APP.appId}',
        onEvent: ({ type, by }) => type === 'updates' && console.log(by) });
      setTimeout(() => {}, 60_000);
      console.log(await tokens.getAccessToken());`,
      [],
      { HTTP_PROXY: url, http_proxy: url },
    );
    expect([await child.nextLine(), await child.nextLine()].sort()).toEqual(['stream', 'token-1']);
    expect(tunnels).toContain('token-server.test:7200');
    child.process.kill('SIGKILL');
  });
});

describe('a fetch of the user', () => {
  it('carries everything: the token, the stream, calls and uploads', async () => {
    const server = await startScriptedServer();
    const wechat = await serve((_request, response) => response.end('{"ip_list":[]}'));
    const urls: string[] = [];
    const own: typeof fetch = (input, init) => {
      urls.push(new URL(String(input)).pathname);
      return fetch(input, init);
    };
    const tokenServer = { url: server.url, apiKey: API_KEY };
    const weixin = initWeixin({ appId: 'wx', tokenServer, baseUrl: wechat, fetch: own });
    cleanUp(() => weixin.close());
    await weixin.request({ path: '/cgi-bin/getcallbackip' });
    await weixin.request({
      method: 'POST',
      path: '/cgi-bin/media/upload',
      file: { value: Buffer.from('x') },
    });
    expect([...new Set(urls)].sort()).toEqual([
      '/cgi-bin/getcallbackip',
      '/cgi-bin/media/upload',
      '/v1/apps/wx/access-token',
      '/v1/events',
    ]);
  });
});
