import { describe, expect, it } from '@jest/globals';
import { runScript } from '../helpers/child-script.js';
import { eventually } from '../helpers/eventually.js';
import { API_KEY, APP, startPlatform } from '../helpers/fixtures.js';
import { factsOf, startScriptedServer } from '../helpers/scripted-server.js';
import { startServer } from '../helpers/test-server.js';

const client = (url: string, options = {}) => `
  import { createTokenClient, initWeixin } from '@zhongkong/client-sdk';
  const tokens = createTokenClient({ server: ${JSON.stringify(url)}, apiKey: '${API_KEY}', appId: '${APP.appId}', ...${JSON.stringify(options)} });
`;

const TOKEN_SECONDS = 4;

describe('a process with a token client', () => {
  it.each(['stream', 'poll'])('and nothing else ends by itself, with updates by %s', async (updates) => {
    const server = await startScriptedServer();
    const child =
      runScript(`${client(server.url, { updates })} await tokens.getAccessToken(); console.log('ready');
      ${updates === 'stream' ? "await new Promise((resolve) => setTimeout(resolve, 300)); console.log('streaming');" : ''}`);
    expect(await child.nextLine()).toBe('ready');
    if (updates === 'stream') {
      expect(await child.nextLine()).toBe('streaming');
      expect(server.requests).toContain(`GET /v1/events?apps=${APP.appId}`);
    }
    expect(await child.ended).toBe(0);
  });

  it('ends while the background waits for a server that does not answer', async () => {
    const server = await startScriptedServer();
    server.intercept = () => true;
    const child = runScript(client(server.url));
    expect(await child.ended).toBe(0);
    // A process that was kept alive would have asked again.
    expect(server.requests.filter((line) => line.endsWith('/access-token')).length).toBeLessThanOrEqual(1);
  });

  it('lives on while a call waits for its token', async () => {
    const server = await startScriptedServer();
    server.intercept = (_request, response) => {
      setTimeout(() => response.end(JSON.stringify(factsOf(1))), 700);
      return true;
    };
    const child = runScript(
      `${client(server.url, { updates: 'none' })} console.log(await tokens.getAccessToken());`,
    );
    expect(await child.nextLine()).toBe('token-1');
    expect(await child.ended).toBe(0);
  });

  it('gives up on a silent server at the time-out, whatever is collected meanwhile', async () => {
    const server = await startScriptedServer();
    server.intercept = () => true;
    const child = runScript(
      `${client(server.url, { updates: 'none', timeoutMs: 1000 })}
      setInterval(gc, 5).unref();
      const error = await tokens.getAccessToken().catch((thrown) => thrown);
      console.log(error.code);`,
      ['--expose-gc'],
    );
    expect(await child.nextLine()).toBe('server_unreachable');
  });

  it('that was frozen for longer than its token lived calls successfully, with a fresh token', async () => {
    const platform = await startPlatform({ lifetimes: { tokenSeconds: TOKEN_SECONDS, overlapSeconds: 0 } });
    const server = await startServer({ platform: platform.url, config: { apps: [APP] } });
    const child = runScript(`${client(server.url)}
      await tokens.close();
      const weixin = initWeixin({ appId: '${APP.appId}', baseUrl: '${platform.url}', tokenServer: { url: '${server.url}', apiKey: '${API_KEY}' } });
      for await (const _line of process.stdin) {
        console.log((await weixin.request({ path: '/cgi-bin/getcallbackip' })).errMsg);
      }`);
    const { stdin } = child.process;
    stdin?.write('call\n');
    expect(await child.nextLine()).toBe('ok');
    child.process.kill('SIGSTOP');
    const before = platform.control.calls({ path: '/cgi-bin/getcallbackip' })[0]?.token ?? '';
    const endsAtMs = Date.now() + TOKEN_SECONDS * 1_000;
    await eventually('the end of the life that the client knows', () => Date.now() > endsAtMs);
    stdin?.write('call\n');
    child.process.kill('SIGCONT');
    expect(await child.nextLine()).toBe('ok');
    const calls = platform.control.calls({ path: '/cgi-bin/getcallbackip' });
    expect(calls.at(-1)?.errcode).toBe(0);
    // Each token lives for seconds here, so the next one may end on the way; the one from before is not tried.
    expect(calls.slice(1).map(({ token }) => token)).not.toContain(before);
  });
});
