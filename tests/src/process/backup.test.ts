import { execFile } from 'node:child_process';
import { readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { eventually } from '../helpers/eventually.js';
import { API_KEY, APP, OTHER_APP, startPlatform } from '../helpers/fixtures.js';
import { readToken } from '../helpers/http.js';
import { startRedis } from '../helpers/redis-process.js';
import { COMMAND, spawnServer } from '../helpers/server-process.js';
import { tempFolder } from '../helpers/temp-folder.js';
import { serverEnvironment } from '../helpers/test-server.js';

const config = {
  apps: [{ ...APP, mode: 'classic' }],
  clients: [
    { name: 'operator', key: API_KEY, apps: ['*'], scopes: ['admin', 'token:read', 'token:refresh'] },
  ],
};

async function ask(url: string, method: string, path: string, body?: object) {
  const answer = await fetch(`${url}${path}`, {
    method,
    headers: { authorization: `Bearer ${API_KEY}`, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
  expect(answer.status).toBeLessThan(300);
  return (await answer.json()) as Record<string, unknown>;
}

/** `zhongkong ARGS` as a real process. */
async function zhongkong(environment: Readonly<Record<string, string>>, ...args: string[]) {
  const run = promisify(execFile)(process.execPath, [COMMAND, ...args], { env: environment });
  const fault = (error: { code: number; stdout: string; stderr: string }) => error;
  const { code = 0, stdout, stderr } = await run.then((said) => ({ code: 0, ...said }), fault);
  return { code, stdout, stderr };
}

/** An installation: what its servers and commands are started with. */
function installation(platform: string, redisUrl?: string, masterKey?: string) {
  const dataDir = tempFolder();
  const environment = masterKey === undefined ? {} : { ZHONGKONG_MASTER_KEY: masterKey };
  const options = { platform, dataDir, config, environment, ...(redisUrl && { redisUrl }) };
  const whole = serverEnvironment(options);
  return {
    dataDir,
    run: (...args: string[]) => zhongkong(whole, ...args),
    async start() {
      const server = spawnServer(options);
      const stop = () => {
        server.kill('SIGTERM');
        return server.ended;
      };
      return { url: await server.ready, stop };
    },
  };
}

describe('a backup', () => {
  it('moves an installation from its own Redis into a shared one and back, with apps, clients, tokens, histories and the audit', async () => {
    const [platform, redis] = await Promise.all([startPlatform(), startRedis()]);
    const own = installation(platform.url);
    const first = await own.start();
    await ask(first.url, 'PUT', `/v1/apps/${OTHER_APP.appId}`, { secret: OTHER_APP.secret });
    const { key } = await ask(first.url, 'POST', '/v1/clients', { name: 'shop', apps: [OTHER_APP.appId] });
    const tokens = () => Promise.all([APP, OTHER_APP].map(({ appId }) => readToken(first.url, appId)));
    const [before, other] = await tokens();
    const file = join(tempFolder(), 'saved');
    const saved = await own.run('backup', file);
    expect([saved.code, saved.stdout]).toEqual([
      0,
      expect.stringMatching(/^\d+ entries of .* were saved into /),
    ]);
    expect(saved.stderr).toContain(`keep ${own.dataDir}/master.key too`);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    await first.stop();
    // That of a server that is stopped is the same, but for what the end of the server wrote.
    expect((await own.run('backup', `${file}-2`)).code).toBe(0);

    const masterKey = readFileSync(join(own.dataDir, 'master.key'), 'utf8').trim();
    const shared = installation(platform.url, redis.url, masterKey);
    const restored = await shared.run('restore', `${file}-2`);
    expect([restored.code, restored.stdout]).toEqual([0, expect.stringContaining('Start the servers.')]);
    const second = await shared.start();
    expect(await readToken(second.url)).toMatchObject({
      accessToken: before?.accessToken,
      version: before?.version,
    });
    const read = await fetch(`${second.url}/v1/apps/${OTHER_APP.appId}/access-token`, {
      headers: { authorization: `Bearer ${key}` },
    });
    expect(await read.json()).toMatchObject({ accessToken: other?.accessToken });
    const { entries } = await ask(second.url, 'GET', '/v1/audit');
    expect(entries).toContainEqual(expect.objectContaining({ action: 'client.create', target: 'shop' }));
    const history = await ask(second.url, 'GET', `/v1/apps/${APP.appId}/history`);
    expect(JSON.stringify(history)).toContain('bootstrap');
    expect(platform.control.counters(APP.appId).tokensIssued.token).toBe(1);

    const running = await shared.run('restore', '--replace', file);
    expect([running.code, running.stderr]).toEqual([1, expect.stringContaining('1 server(s) run on redis:')]);
    expect((await shared.run('backup', `${file}-3`)).code).toBe(0);
    await second.stop();
    const back = installation(platform.url, undefined, masterKey);
    expect((await back.run('restore', `${file}-3`)).code).toBe(0);
    const third = await back.start();
    expect((await readToken(third.url)).accessToken).toBe(before?.accessToken);
    const busy = await back.run('restore', '--replace', file);
    expect([busy.code, busy.stderr]).toEqual([
      1,
      expect.stringContaining('is in use by another Zhongkong server'),
    ]);
    await third.stop();
  }, 120_000);

  it('of before a refresh heals by itself when the server starts, and no version goes back', async () => {
    const platform = await startPlatform({ lifetimes: { overlapSeconds: 0 } });
    const own = installation(platform.url);
    const server = await own.start();
    const file = join(tempFolder(), 'saved');
    expect((await own.run('backup', file)).code).toBe(0);
    await ask(server.url, 'POST', `/v1/apps/${APP.appId}/access-token/rotate`, {});
    const { version } = await readToken(server.url);
    await server.stop();
    expect((await own.run('restore', '--replace', file)).code).toBe(0);
    const again = await own.start();
    const healed = await eventually('a living token', async () => {
      const token = await readToken(again.url);
      return platform.control.checkToken(APP.appId, token.accessToken) === 0 && token;
    });
    expect(healed.version).toBeGreaterThan(version);
    await again.stop();
  }, 60_000);

  it('that cannot be restored says why, and changes nothing', async () => {
    const [platform, redis] = await Promise.all([startPlatform(), startRedis()]);
    const own = installation(platform.url);
    const server = await own.start();
    const file = join(tempFolder(), 'saved');
    await own.run('backup', file);
    await server.stop();
    const masterKey = readFileSync(join(own.dataDir, 'master.key'), 'utf8').trim();
    const [right, wrong] = [masterKey, Buffer.alloc(32, 9).toString('base64')].map((key) =>
      installation(platform.url, redis.url, key),
    );
    const refusal = async (of: typeof right, ...args: string[]) => {
      const { code, stderr } = (await of?.run('restore', ...args)) ?? { code: 0, stderr: '' };
      expect(code).toBe(1);
      return stderr;
    };
    expect(await refusal(wrong, file)).toMatch(
      /^zhongkong: The backup needs the master key [0-9a-f]{8}, and given is [0-9a-f]{8}: .*Nothing was changed\.\n$/,
    );
    const text = readFileSync(file, 'utf8');
    const broken = (content: string) => {
      writeFileSync(`${file}-broken`, content);
      return refusal(right, `${file}-broken`);
    };
    expect(await broken('{"some":"json"}\n')).toContain('is not a backup of Zhongkong');
    expect(await broken('')).toContain('is empty');
    expect(await broken(text.replace('"format":2', '"format":3'))).toContain(
      'by a newer version of Zhongkong',
    );
    expect(await broken(text.replace('"type":"hash"', '"type":"bash"'))).toMatch(/is damaged in line \d+/);
    truncateSync(file, Math.floor(text.length / 2));
    expect(await refusal(right, file)).toMatch(/is damaged in line \d+|is cut off/);
    writeFileSync(file, text);
    expect(await refusal(right, `${file}-nowhere`)).toContain('cannot be read (ENOENT)');
    expect(await redis.dump()).not.toMatch(/data|registry/);

    const twice = await own.run('backup', file);
    expect([twice.code, twice.stderr]).toEqual([1, expect.stringContaining('choose another name')]);
    expect((await right?.run('restore', file))?.code).toBe(0);
    expect(await refusal(right, file)).toContain('holds data already: give --replace');
    const nothing = await installation(platform.url).run('backup', `${file}-nothing`);
    expect([nothing.code, nothing.stderr]).toEqual([1, expect.stringContaining('holds no data of a server')]);
  }, 60_000);
});
