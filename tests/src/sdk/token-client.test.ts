import { describe, expect, it } from '@jest/globals';
import { type ClientEvent, createTokenClient, TokenServerError } from '@zhongkong/client-sdk';
import { fingerprint } from '@zhongkong/shared';
import { cleanUp } from '../helpers/clean-up.js';
import { eventually } from '../helpers/eventually.js';
import { API_KEY, APP, startPlatform } from '../helpers/fixtures.js';
import { startRelay } from '../helpers/relay.js';
import { startServer } from '../helpers/test-server.js';

async function start({ tokenSeconds = 7200, updates = 'poll' as 'poll' | 'none', timeoutMs = 10_000 } = {}) {
  const platform = await startPlatform({ lifetimes: { tokenSeconds } });
  const server = await startServer({ platform: platform.url, config: { apps: [APP] } });
  const relay = await startRelay(server.url);
  const events: ClientEvent[] = [];
  const onEvent = (event: ClientEvent) => void events.push(event);
  const tokens = createTokenClient({
    server: relay.url,
    apiKey: API_KEY,
    appId: APP.appId,
    updates,
    timeoutMs,
    onEvent,
  });
  cleanUp(() => tokens.close());
  const heard = (type: ClientEvent['type']) =>
    eventually(type, () => events.find((event) => event.type === type));
  return { platform, relay, tokens, events, heard };
}

describe('a token client', () => {
  it('asks the server once for a thousand calls, and answers from memory then', async () => {
    const { relay, tokens, platform } = await start();
    const all = await Promise.all(Array.from({ length: 1000 }, () => tokens.getAccessToken()));
    expect(new Set(all).size).toBe(1);
    expect(tokens.peek()).toBe(all[0]);
    expect(platform.control.checkToken(APP.appId, all[0] ?? '')).toBe(0);
    expect(relay.requests).toEqual([`GET /v1/apps/${APP.appId}/access-token`]);
  });

  it('polls in the background at the pace that the server sets, and learns of a new token by itself', async () => {
    const { tokens, events } = await start({ tokenSeconds: 6 });
    const first = await tokens.getAccessToken();
    const next = await eventually('another token', () => tokens.peek() !== first && tokens.peek());
    expect(events.filter(({ type }) => type === 'token')).toHaveLength(2);
    expect(JSON.stringify(events)).toContain(fingerprint(next));
    expect(JSON.stringify(events)).not.toContain(next);
  });

  it('reports a dead token once, however many calls say so', async () => {
    const { platform, relay, tokens } = await start();
    const dead = await tokens.getAccessToken();
    platform.control.revoke({ appId: APP.appId });
    const healed = await Promise.all(Array.from({ length: 100 }, () => tokens.reportInvalid(dead, 40001)));
    expect(new Set(healed).size).toBe(1);
    expect(healed[0]).not.toBe(dead);
    expect(tokens.peek()).toBe(healed[0]);
    expect(relay.requests.filter((line) => line.startsWith('POST'))).toHaveLength(1);
  });

  it('answers the report of an older token with the one in memory, without asking', async () => {
    const { relay, tokens } = await start();
    const current = await tokens.getAccessToken();
    expect(await tokens.reportInvalid('an-older-token', 42001)).toBe(current);
    expect(relay.requests).toHaveLength(1);
  });

  it('goes on with its token while the server is away, says so, and says when it is back', async () => {
    const { relay, tokens, heard } = await start({ tokenSeconds: 60, timeoutMs: 500 });
    const token = await tokens.getAccessToken();
    relay.intercept = (request) => {
      request.socket.destroy();
      return true;
    };
    const lost = await heard('server-lost');
    expect(lost).toMatchObject({
      error: { code: 'server_unreachable' },
      tokenLeftSeconds: expect.any(Number),
    });
    expect(await tokens.getAccessToken()).toBe(token);
    relay.intercept = () => undefined;
    await heard('server-back');
  });

  it('refuses to hand out a token that has expired', async () => {
    const { relay, tokens } = await start({ tokenSeconds: 3, timeoutMs: 500 });
    await tokens.getAccessToken();
    await relay.die();
    await eventually('the end of the token', () => tokens.peek() === undefined);
    await expect(tokens.getAccessToken()).rejects.toMatchObject({
      name: 'TokenServerError',
      code: 'server_unreachable',
    });
  });

  it('survives a server that is being restarted', async () => {
    const { relay, tokens } = await start({ updates: 'none' });
    let refusals = 0;
    relay.intercept = (_request, response) => {
      refusals += 1;
      if (refusals > 2) return undefined;
      response.writeHead(503).end('starting');
      return true;
    };
    expect(await tokens.getAccessToken()).toEqual(expect.any(String));
    expect(refusals).toBe(3);
  });

  it.each([
    ['HTML', 200, '<html>', 'server_garbage'],
    ['JSON of something else', 200, '{"ok":true}', 'server_garbage'],
    ['a refusal without words', 403, '', 'server_garbage'],
  ])('tells an answer that no token server gives: %s', async (_name, status, body, code) => {
    const { relay, tokens } = await start({ updates: 'none' });
    relay.intercept = (_request, response) => {
      response.writeHead(status).end(body);
      return true;
    };
    await expect(tokens.getAccessToken()).rejects.toMatchObject({ name: 'TokenServerError', code });
  });

  it.each([429, 503])(
    'waits as long as an answer %d says, and not longer than it has time for',
    async (status) => {
      const { relay, tokens } = await start({ updates: 'none', timeoutMs: 3_000 });
      let retryAfter = '1';
      let refusals = 0;
      relay.intercept = (_request, response) => {
        refusals += 1;
        if (refusals === 2) return undefined;
        response.writeHead(status, { 'retry-after': retryAfter }).end();
        return true;
      };
      const startedAt = performance.now();
      const token = await tokens.getAccessToken();
      expect(performance.now() - startedAt).toBeGreaterThanOrEqual(990);

      retryAfter = '60';
      await expect(tokens.reportInvalid(token, 40001)).rejects.toMatchObject({
        status,
        retryAfterSeconds: 60,
      });
      // It was sent once.
      expect(refusals).toBe(3);
    },
  );

  it("hands the server's own words on", async () => {
    const { relay } = await start();
    const stranger = createTokenClient({
      server: relay.url,
      apiKey: 'a-wrong-key',
      appId: APP.appId,
      updates: 'none',
    });
    const error = await stranger.getAccessToken().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(TokenServerError);
    expect(error).toMatchObject({ code: 'unauthorized', status: 401 });
    expect(String(error)).not.toContain('a-wrong-key');
  });

  it.each([
    [{ server: '' }, 'server is missing'],
    [{ server: '127.0.0.1:7200' }, 'server must begin with http:// or https://, or be a list of such URLs'],
    [{ server: [] }, 'server is missing'],
    [{ fetch: 'node' }, 'fetch must be a function'],
    [{ timeoutMs: 0 }, 'timeoutMs must be a number of milliseconds'],
    [{ updates: 'never' }, 'updates must be one of stream, poll, none'],
  ])('says at once what is wrong with %j', (wrong, complaint) => {
    const options = { server: 'http://127.0.0.1:9', apiKey: 'k', appId: 'a', ...wrong };
    expect(() => createTokenClient(options as never)).toThrow(
      new TypeError(`createTokenClient: the option ${complaint}`),
    );
  });
});
