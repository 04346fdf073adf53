import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { openTokenClient } from './client.js';

/** Both clocks of a client, moved by hand; each may go wrong in its own way. */
function createClocks(rate = 1) {
  const time = { steadyMs: 0, wallMs: 0 };
  const timers = new Map<() => void, number>();
  const clocks = {
    steadyMs: () => time.steadyMs,
    wallMs: () => time.wallMs,
    pass(seconds: number): void {
      time.steadyMs += seconds * 1_000 * rate;
      time.wallMs += seconds * 1_000 * rate;
      for (const [callback, atMs] of timers) {
        if (atMs > time.steadyMs) continue;
        timers.delete(callback);
        callback();
      }
    },
    after(ms: number, callback: () => void) {
      timers.set(callback, time.steadyMs + ms);
      return () => void timers.delete(callback);
    },
    jump(seconds: number): void {
      time.wallMs += seconds * 1_000;
    },
  };
  return clocks;
}

const LIFE_SECONDS = 7_200;
const LEAD_SECONDS = 900;
const OVERLAP_SECONDS = 300;

/** A token server and its platform, whose time is moved by hand; the server's clock goes at a rate of its own. */
async function startWorld(serverRate = 1) {
  const world = { nowSeconds: 0, issuedAt: 0, version: 1, isGone: false, hangs: false, requests: 0, url: '' };
  const renew = () => {
    if ((world.nowSeconds - world.issuedAt) * serverRate < LIFE_SECONDS - LEAD_SECONDS) return;
    world.issuedAt = world.nowSeconds;
    world.version += 1;
  };
  const server = createServer((request, response) => {
    world.requests += 1;
    if (world.isGone) return request.socket.destroy();
    if (world.hangs) return undefined;
    renew();
    if (request.headers['if-none-match'] === `"${world.version}"`) return response.writeHead(304).end();
    const expiresIn = Math.floor(LIFE_SECONDS - (world.nowSeconds - world.issuedAt) * serverRate);
    return response.end(
      JSON.stringify({
        accessToken: `token-${world.version}`,
        version: world.version,
        expiresIn,
        refreshIn: 60,
      }),
    );
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  closers.push(
    () => void server.close(),
    () => server.closeAllConnections(),
  );
  world.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  /** Whether the platform takes it. */
  const lives = (token: string) => {
    renew();
    if (token === `token-${world.version}`) return true;
    return token === `token-${world.version - 1}` && world.nowSeconds - world.issuedAt < OVERLAP_SECONDS;
  };
  return { world, lives };
}

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

function open(url: string, clocks: ReturnType<typeof createClocks>, timeoutMs = 10_000) {
  const options = { server: url, apiKey: 'k', appId: 'wx', updates: 'none', timeoutMs } as const;
  const tokens = openTokenClient(options, clocks);
  closers.push(() => tokens.close());
  return tokens;
}

const afterMicrotasks = () => new Promise<'later'>((resolve) => setImmediate(resolve, 'later'));

describe('a token in memory', () => {
  it('is handed out as one promise, made once for each token', async () => {
    const { world } = await startWorld();
    const clocks = createClocks();
    const tokens = open(world.url, clocks);
    await tokens.getAccessToken();
    const promise = tokens.getAccessToken();
    clocks.pass(50);
    expect(tokens.getAccessToken()).toBe(promise);
    clocks.pass(20);
    expect(await tokens.getAccessToken()).toBe('token-1');
  });

  it('has a status that says what a caller needs', async () => {
    const { world } = await startWorld();
    const clocks = createClocks();
    const tokens = open(world.url, clocks, 2_000);
    const nothing = { version: undefined, expiresIn: 0, updates: 'none', lastError: undefined };
    expect(tokens.status()).toEqual({ ...nothing, phase: 'none' });
    await tokens.getAccessToken();
    expect(tokens.status()).toEqual({ ...nothing, phase: 'fresh', version: 1, expiresIn: LIFE_SECONDS });
    clocks.pass(200);
    world.isGone = true;
    await tokens.getAccessToken();
    const { phase, expiresIn, lastError } = tokens.status();
    expect({ phase, expiresIn }).toEqual({ phase: 'stale', expiresIn: LIFE_SECONDS - 200 });
    expect(lastError?.code).toBe('server_unreachable');
    clocks.pass(LIFE_SECONDS);
    expect(tokens.status()).toMatchObject({ phase: 'expired', expiresIn: 0 });
    expect(tokens.peek()).toBeUndefined();
  });
});

describe('a token client, over hours that are played in seconds', () => {
  it.each([
    ['right clocks', 1, 1, 0],
    ["a client's clock that is 10 % slow", 0.9, 1, 0],
    ["a client's clock that is 10 % fast", 1.1, 1, 0],
    ["a server's clock that is 10 % slow", 1, 0.9, 0],
    ["a server's clock that is 10 % fast", 1, 1.1, 0],
    ['a wall clock that is put ten minutes forward', 1, 1, 600],
    ['a wall clock that is put ten minutes back', 1, 1, -600],
  ])(
    'never gives a token that the platform refuses, with %s',
    async (_name, clientRate, serverRate, jumpSeconds) => {
      const { world, lives } = await startWorld(serverRate);
      const clocks = createClocks(clientRate);
      const tokens = open(world.url, clocks);
      for (let step = 0; world.nowSeconds < 6 * 3_600; step += 1) {
        const token = await tokens.getAccessToken();
        expect({ at: world.nowSeconds, token, lives: lives(token) }).toEqual({
          at: world.nowSeconds,
          token,
          lives: true,
        });
        if (step % 50 === 49) clocks.jump(jumpSeconds);
        const seconds = 20 + (step % 7) * 10;
        world.nowSeconds += seconds;
        clocks.pass(seconds);
      }
      expect(world.version).toBeGreaterThan(3);
    },
  );

  it('gives its token without waiting while the server is gone for an hour, and a fresh one when it is back', async () => {
    const { world } = await startWorld();
    const clocks = createClocks();
    const tokens = open(world.url, clocks, 2_000);
    await tokens.getAccessToken();
    world.isGone = true;
    clocks.pass(120);
    await tokens.getAccessToken();
    for (let minute = 2; minute < 60; minute += 1) {
      clocks.pass(60);
      // Before anything that was asked meanwhile can have been answered.
      const given = await Promise.race([tokens.getAccessToken(), afterMicrotasks()]);
      expect(given).toBe('token-1');
    }

    world.nowSeconds = LIFE_SECONDS;
    clocks.pass(LIFE_SECONDS - 3_600 + 60);
    await expect(tokens.getAccessToken()).rejects.toMatchObject({ code: 'server_unreachable' });
    world.isGone = false;
    expect(await tokens.getAccessToken()).toBe('token-2');
  });

  it('asks nothing by itself without updates, and asks before it uses a token that was not confirmed for long', async () => {
    const { world } = await startWorld();
    const clocks = createClocks();
    const tokens = open(world.url, clocks);
    await tokens.getAccessToken();
    clocks.pass(59);
    await tokens.getAccessToken();
    expect(world.requests).toBe(1);
    clocks.pass(61);
    await tokens.getAccessToken();
    expect(world.requests).toBe(2);
  });

  it('waits once for a server that hangs, and not again for the same answer', async () => {
    const { world } = await startWorld();
    const clocks = createClocks();
    const tokens = open(world.url, clocks);
    await tokens.getAccessToken();
    world.hangs = true;
    clocks.pass(121);
    const waiting = tokens.getAccessToken();
    expect(await Promise.race([waiting, afterMicrotasks()])).toBe('later');
    expect(await waiting).toBe('token-1');
    // The server is still silent.
    expect(tokens.status().lastError).toBeUndefined();
    expect(await Promise.race([tokens.getAccessToken(), afterMicrotasks()])).toBe('token-1');
  });

  it('takes a token of a lower version once its own has expired: the server may have lost its memory', async () => {
    const { world } = await startWorld();
    world.version = 9;
    const clocks = createClocks();
    const tokens = open(world.url, clocks);
    expect(await tokens.getAccessToken()).toBe('token-9');
    world.version = 2;
    clocks.pass(130);
    expect(await tokens.getAccessToken()).toBe('token-9');
    clocks.pass(LIFE_SECONDS);
    expect(await tokens.getAccessToken()).toBe('token-2');
  });
});
