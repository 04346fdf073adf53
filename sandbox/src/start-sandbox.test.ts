import { mkdtemp, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DEMO_APP } from './platform/app-config.js';
import { type Sandbox, startSandbox } from './start-sandbox.js';

const running: Sandbox[] = [];
async function start(...[options]: Parameters<typeof startSandbox>): Promise<Sandbox> {
  const sandbox = await startSandbox(options);
  running.push(sandbox);
  return sandbox;
}
afterEach(async () => {
  await Promise.all(running.splice(0).map((sandbox) => sandbox.stop()));
});

const { appId, secret } = DEMO_APP;
const tokenUrl = (url: string) =>
  `${url}/cgi-bin/token?grant_type=client_credential&appid=${appId}&secret=${secret}`;

describe('startSandbox', () => {
  it('listens on a free port of 127.0.0.1 with the demo app, by the system clock', async () => {
    const sandbox = await start();
    expect(sandbox.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(Math.abs(sandbox.control.nowMs() - Date.now())).toBeLessThan(60_000);
    expect(await (await fetch(tokenUrl(sandbox.url))).json()).toMatchObject({ expires_in: 7200 });
  });

  it('takes apps, lifetimes, limits and a clock, each in part', async () => {
    const apps = [{ appId: 'wx1', secret: 's' }];
    const clock = { nowMs: () => 1_000 };
    const sandbox = await start({ apps, lifetimes: { tokenSeconds: 60 }, limits: { tokenPerDay: 1 }, clock });
    expect(sandbox.control.apps()).toEqual([expect.objectContaining({ appId: 'wx1', type: 'miniprogram' })]);
    expect(sandbox.control.advanceClock(2)).toBe(3_000);
    expect(sandbox.control.foreignRefresh({ appId: 'wx1', endpoint: 'token' }).expiresIn).toBe(60);
    expect(() => sandbox.control.foreignRefresh({ appId: 'wx1', endpoint: 'token' })).toThrow(/45009/);
  });

  it('names each option that is wrong', async () => {
    const wrong = { port: -1, lifetimes: { tokenSeconds: 0 } };
    await expect(startSandbox(wrong)).rejects.toThrow(/port[\s\S]*tokenSeconds/);
  });

  it('fails with EADDRINUSE on a port that is taken', async () => {
    const { url } = await start();
    await expect(startSandbox({ port: Number(new URL(url).port) })).rejects.toMatchObject({
      code: 'EADDRINUSE',
    });
  });

  it('answers a thousand calls at once, and issues a token for each', async () => {
    const sandbox = await start();
    const tokens = await Promise.all(
      Array.from({ length: 1_000 }, async () => {
        const { access_token } = (await (await fetch(tokenUrl(sandbox.url))).json()) as {
          access_token: string;
        };
        return access_token;
      }),
    );
    expect(new Set(tokens).size).toBe(1_000);
    expect(tokens.filter((token) => sandbox.control.checkToken(appId, token) === 0)).toHaveLength(2);
    expect(sandbox.control.counters(appId).tokensIssued.token).toBe(1_000);
  });
});

describe('Sandbox.stop', () => {
  it('closes open connections at once, those of slow and hanging calls too', async () => {
    const sandbox = await start();
    await fetch(tokenUrl(sandbox.url));
    sandbox.control.addFault({ kind: 'slow', delayMs: 3_600_000 });
    sandbox.control.addFault({ kind: 'hang' });
    const calls = [fetch(tokenUrl(sandbox.url)), fetch(tokenUrl(sandbox.url))].map((call) =>
      call.catch(() => 'closed'),
    );
    while (sandbox.control.calls({ last: 9 }).length < 2) await new Promise(setImmediate);
    await sandbox.stop();
    expect(await Promise.all(calls)).toEqual(['closed', 'closed']);
    await expect(fetch(sandbox.url)).rejects.toThrow();
  });

  it('may be called twice', async () => {
    const sandbox = await start();
    await Promise.all([sandbox.stop(), sandbox.stop()]);
  });
});

describe('the state file', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sandbox-'));
  });
  const file = () => join(folder, 'state.json');
  const clock = { nowMs: () => 1_000_000_000_000 };
  const restart = async (sandbox: Sandbox) => {
    await sandbox.stop();
    return await start({ stateFile: file(), clock });
  };

  it('keeps tokens, tickets, counts and the clock over a restart', async () => {
    const first = await start({ stateFile: file(), clock, limits: { tokenPerDay: 2 } });
    const old = first.control.foreignRefresh({ appId, endpoint: 'token' });
    first.control.advanceClock(100);
    const { accessToken } = first.control.foreignRefresh({ appId, endpoint: 'token' });
    const stable = first.control.foreignRefresh({ appId, endpoint: 'stable_token', forceRefresh: true });
    const ticketUrl = (url: string) =>
      `${url}/cgi-bin/ticket/getticket?type=jsapi&access_token=${accessToken}`;
    const ticket = await (await fetch(ticketUrl(first.url))).json();

    const second = await restart(first);
    const { control } = second;
    control.setLimits({ tokenPerDay: 2 });
    expect(control.nowMs()).toBe(clock.nowMs() + 100_000);
    expect(control.currentTokens(appId).stable).toEqual(stable);
    expect([old.accessToken, accessToken].map((token) => control.checkToken(appId, token))).toEqual([0, 0]);
    expect(await (await fetch(ticketUrl(second.url))).json()).toEqual(ticket);
    expect(() => control.foreignRefresh({ appId, endpoint: 'token' })).toThrow(/45009/);
    expect(control.foreignRefresh({ appId, endpoint: 'stable_token', forceRefresh: true })).toEqual(stable);
    control.advanceClock(300);
    expect(control.checkToken(appId, old.accessToken)).toBe(40001);
  });

  it('keeps apps that were put in, while the settings given at the start win for those that are named there', async () => {
    const first = await start({ stateFile: file(), clock });
    first.control.putApp({ appId: 'wxnew', secret: 's' });
    first.control.setSecret(appId, 'changed');
    const second = await restart(first);
    expect(second.control.apps().map((app) => app.appId)).toEqual([appId, 'wxnew']);
    expect(await (await fetch(tokenUrl(second.url))).json()).toHaveProperty('access_token');
  });

  it('is written soon after a change, whole, for its owner only', async () => {
    const sandbox = await start({ stateFile: file(), clock });
    for (let n = 0; n < 100; n++) sandbox.control.foreignRefresh({ appId, endpoint: 'token' });
    const { accessToken } = sandbox.control.currentTokens(appId).token ?? {};
    while (!(await readFile(file(), 'utf8').catch(() => '')).includes(String(accessToken))) {}
    expect((await stat(file())).mode & 0o777).toBe(0o600);
    await sandbox.stop();
    expect(await readdir(folder)).toEqual(['state.json']);
  });

  it('that is none of ours is refused, and left as it is', async () => {
    await writeFile(file(), '{"version":99}');
    await expect(startSandbox({ stateFile: file() })).rejects.toThrow(/is no state file of this sandbox/);
    expect(await readFile(file(), 'utf8')).toBe('{"version":99}');
  });
});
