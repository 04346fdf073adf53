import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { cleanUp } from '../helpers/clean-up.js';
import { APP, startPlatform } from '../helpers/fixtures.js';
import { freePort } from '../helpers/free-port.js';
import { readToken, reportToken } from '../helpers/http.js';
import { startRedis } from '../helpers/redis-process.js';
import { spawnServer, spawnZhongkong } from '../helpers/server-process.js';
import { tempFolder } from '../helpers/temp-folder.js';
import { MASTER_KEY, serverEnvironment } from '../helpers/test-server.js';

const NOBODY = 'http://127.0.0.1:9';
const path = process.env.PATH ?? '';

describe('a server that cannot start says in one sentence what to do', () => {
  it('when its port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    cleanUp(() => other.close());
    const { port } = other.address() as AddressInfo;
    const server = spawnServer({ platform: NOBODY, environment: { PORT: String(port) } });
    expect(await server.ended).toBe(1);
    expect(server.output()).toBe(
      `zhongkong: Port ${port} on 127.0.0.1 is taken by another program: stop that one, or choose another port with PORT (PORT=0 takes a free one).\n`,
    );
  });

  it('when Redis cannot be reached, without its password, or another program answers in its place', async () => {
    const [port, platform] = await Promise.all([freePort(), startPlatform()]);
    const { host } = new URL(platform.url);
    // Each waits for some seconds before it gives up; together they wait once.
    const [away, plain, tls] = [
      `redis://user:the-password@127.0.0.1:${port}`,
      `redis://${host}`,
      `rediss://${host}`,
    ].map((redisUrl) => spawnServer({ platform: NOBODY, redisUrl }));
    expect(await Promise.all([away?.ended, plain?.ended, tls?.ended])).toEqual([1, 1, 1]);
    expect(away?.output()).toMatch(
      new RegExp(
        `^zhongkong: Redis at redis://127.0.0.1:${port}/0 cannot be used, since nothing answers there \\(ECONNREFUSED\\): start it, .*\\n$`,
      ),
    );
    expect(plain?.output()).toMatch(
      / cannot be used, since the program at this address is not Redis: correct REDIS_URL, .*\n$/,
    );
    expect(tls?.output()).toMatch(/^zhongkong: .* cannot be used, since .* does not speak TLS, .*\n$/);
  });

  it('when another server owns its data folder, which goes on undisturbed', async () => {
    const platform = await startPlatform();
    const dataDir = tempFolder();
    const first = spawnServer({ platform: platform.url, dataDir });
    const url = await first.ready;
    const token = await readToken(url);
    const second = spawnServer({ platform: platform.url, dataDir });
    expect(await second.ended).toBe(1);
    expect(second.output()).toContain(`is in use by another Zhongkong server (process ${first.pid})`);
    expect((await readToken(url)).accessToken).toBe(token.accessToken);
  });

  it('when the owner of its data folder is stopped and cannot answer', async () => {
    const platform = await startPlatform();
    const dataDir = tempFolder();
    const first = spawnServer({ platform: platform.url, dataDir });
    await first.ready;
    first.kill('SIGSTOP');
    const second = spawnServer({ platform: platform.url, dataDir });
    expect(await second.ended).toBe(1);
    expect(second.output()).toContain('is in use by another Zhongkong server');
  });

  it('when there is no redis-server', async () => {
    const server = spawnServer({ platform: NOBODY, environment: { PATH: tempFolder() } });
    expect(await server.ended).toBe(1);
    expect(server.output()).toMatch(
      /^zhongkong: There is no redis-server on the PATH: install it .*REDIS_URL.*\n$/,
    );
  });

  it('when the data in Redis was sealed under another master key', async () => {
    const [redis, platform] = await Promise.all([startRedis(), startPlatform()]);
    const first = spawnServer({ platform: platform.url, redisUrl: redis.url });
    await readToken(await first.ready);
    const otherKey = Buffer.alloc(32, 9).toString('base64');
    const environment = { ZHONGKONG_MASTER_KEY: otherKey };
    const second = spawnServer({ platform: platform.url, redisUrl: redis.url, environment });
    expect(await second.ended).toBe(1);
    expect(second.output()).toContain('sealed under another master key');
    expect(second.output()).not.toContain(otherKey);
  });
});

describe('a server that cannot start says so', () => {
  it('when its data folder cannot be made, with a configuration or as a demo', async () => {
    const folder = tempFolder();
    const file = join(folder, 'a-file');
    writeFileSync(file, '');
    const environment = { DATA_DIR: join(file, 'data') };
    const said = `zhongkong: The data folder ${file}/data cannot be made (ENOTDIR): choose another with DATA_DIR.\n`;
    const server = spawnServer({ platform: NOBODY, environment });
    expect([await server.ended, server.output()]).toEqual([1, said]);
    const demo = spawnZhongkong(['serve'], { PATH: path, PORT: '0', ...environment }, folder);
    expect([await demo.ended, demo.output()]).toEqual([1, said]);
  });

  it('when Redis has no database of the number that is asked for', async () => {
    const redis = await startRedis();
    const server = spawnServer({ platform: NOBODY, redisUrl: `${redis.url}/99` });
    expect(await server.ended).toBe(1);
    expect(server.output()).toMatch(
      /^zhongkong: Redis at redis:\/\/127.0.0.1:\d+\/99 cannot be used, since it has no database of this number: .*REDIS_URL.*\n$/,
    );
  });
});

describe('a wrong configuration', () => {
  it('is reported fault by fault, all at once, and ends with 2 before anything listens', async () => {
    const folder = tempFolder();
    const file = join(folder, 'zhongkong.config.json');
    const secret = 'a-secret-that-nobody-may-see';
    writeFileSync(
      file,
      `{
  // comments are allowed
  "apps": [
    { "appId": "wx1", "secret": "${secret}", "mode": "fast" },
    { "appId": "wx2", "secretEnv": "NOT_THERE", "polcy": {} }
  ],
  "clients": [{ "name": "a", "key": "${secret}", "apps": ["wx1"], "scopes": ["everything"] }],
  "policy": { "refreshLead": "900" }
}`,
    );
    const environment = {
      PATH: path,
      PORT: 'many',
      ZHONGKONG_CONFIG: file,
      LOG_LEVEL: 'loud',
    };
    const server = spawnZhongkong(['serve'], environment, folder);
    expect(await server.ended).toBe(2);
    expect(server.output().split('\n')).toEqual([
      'zhongkong: the configuration has 6 faults, so it is not used:',
      '  - PORT (environment): must be a whole number from 0 to 65535',
      '  - LOG_LEVEL (environment): must be one of "trace", "debug", "info", "warn", "error", "fatal", "silent"',
      '  - apps[0].mode (zhongkong.config.json, line 4): must be one of "stable", "classic", "external"',
      '  - apps[1].polcy (zhongkong.config.json, line 5): is not known; allowed are appId, secret, secretFile, secretEnv, mode, name, policy',
      expect.stringMatching(
        /^ {2}- clients\[0\].scopes\[0\] \(zhongkong.config.json, line 7\): must be one of "token:read"/,
      ),
      '  - policy.refreshLead (zhongkong.config.json, line 8): must be a number',
      '',
    ]);
    expect(server.output()).not.toContain(secret);
  });

  it('is reported when it is only wrong across its entries', async () => {
    const folder = tempFolder();
    const file = join(folder, 'zhongkong.config.json');
    const config = {
      apps: [
        APP,
        { appId: APP.appId, secretEnv: 'NOT_THERE' },
        { appId: 'wx3', secretFile: 'no-such-file' },
        { appId: 'wx4' },
      ],
      clients: [
        { name: 'a', key: 'the-first-key-k1', apps: ['wx9'] },
        { name: 'a', key: 'the-first-key-k1', apps: ['*'] },
        { name: 'c', key: 'the-other-key-k2', keySha256: '0'.repeat(64), apps: ['*'] },
      ],
    };
    writeFileSync(file, JSON.stringify(config));
    const server = spawnZhongkong(
      ['serve'],
      { PATH: path, ZHONGKONG_CONFIG: file, REDIS_URL: 'redis://127.0.0.1:1' },
      folder,
    );
    expect(await server.ended).toBe(2);
    const output = server.output();
    expect(output).toContain('9 faults');
    for (const fault of [
      /ZHONGKONG_MASTER_KEY \(environment\): is missing; .*openssl rand -base64 32/,
      /apps\[1\]\.secretEnv .*: the environment has no NOT_THERE/,
      /apps\[2\]\.secretFile .*: the file .*no-such-file cannot be read \(ENOENT\)/,
      /apps\[3\]\.secret .*: give exactly one of secret, secretFile, secretEnv/,
      /clients\[2\]\.key .*: give exactly one of key, keyFile, keyEnv, keySha256/,
      /apps\[1\]\.appId .*: the same app is listed above/,
      /clients\[1\]\.name .*: a client above has the same name/,
      /clients\[1\] .*: a client above has the same key/,
      /clients\[0\]\.apps\[0\] .*: is not one of the apps above/,
    ]) {
      expect(output).toMatch(fault);
    }
  });

  it('is reported across the entries that can be read when others cannot, and the environment with it', async () => {
    const folder = tempFolder();
    const config = {
      apps: [
        APP,
        { appId: APP.appId, secret: 's' },
        { appId: 'wx3', mode: 'fast' },
        { appId: 'wx4', secret: 7 },
      ],
      clients: [
        { name: 'a', key: 'the-first-key-k1', apps: ['wx9', 'wx3'] },
        { name: 'b', key: 7, apps: ['*'] },
        { name: 'a', key: 'the-first-key-k1', apps: ['*'] },
        { name: 'c', key: 'a key with blanks', apps: ['*'] },
        { name: 'd', keyEnv: 'KEY_OF_D', apps: ['*'] },
      ],
    };
    writeFileSync(join(folder, 'zhongkong.config.json'), JSON.stringify(config));
    const environment = {
      PATH: path,
      PORT: 'many',
      HOST: 'unix:relative',
      TLS_CERT: 'nowhere.pem',
      TRUST_PROXY: 'nginx',
      REDIS_URL: 'http://x',
      KEY_OF_D: 'schlüssel',
    };
    const server = spawnZhongkong(['serve'], environment, folder);
    expect(await server.ended).toBe(2);
    const output = server.output();
    expect(output).toContain('15 faults');
    for (const fault of [
      /PORT \(environment\)/,
      /HOST \(environment\): must be an address, or unix: and the absolute path/,
      /TLS_KEY \(environment\): is missing; TLS_CERT needs it/,
      /TRUST_PROXY \(environment\): entry 1 is no address/,
      /REDIS_URL \(environment\)/,
      /ZHONGKONG_MASTER_KEY \(environment\): is missing/,
      /apps\[2\]\.mode .*: must be one of/,
      /apps\[3\]\.secret .*: must be a text/,
      /clients\[1\]\.key .*: must be a text/,
      /apps\[1\]\.appId .*: the same app is listed above/,
      /clients\[0\]\.apps\[0\] .*: is not one of the apps above/,
      /clients\[2\]\.name .*: a client above has the same name/,
      /clients\[2\] .*: a client above has the same key/,
      /clients\[3\]\.key .*: must be printable ASCII without spaces/,
      /clients\[4\]\.keyEnv .*: must be printable ASCII without spaces/,
    ]) {
      expect(output).toMatch(fault);
    }
    expect(output).not.toMatch(/blanks .*key with|schl/);
  });

  it('that names a file which is not there, or holds no JSON, is reported too', async () => {
    const folder = tempFolder();
    const missing = spawnZhongkong(['serve'], { PATH: path, ZHONGKONG_CONFIG: 'nowhere.json' }, folder);
    expect(await missing.ended).toBe(2);
    expect(missing.output()).toMatch(
      /ZHONGKONG_CONFIG \(environment\): there is no file .*nowhere.json; write it, .*\n$/,
    );
    const unreadable = spawnZhongkong(['serve'], { PATH: path, ZHONGKONG_CONFIG: '.' }, folder);
    expect(await unreadable.ended).toBe(2);
    expect(unreadable.output()).toMatch(/ cannot be read \(EISDIR\); it has to be a file/);
    writeFileSync(join(folder, 'zhongkong.config.json'), '{\n  "apps": [\n');
    const torn = spawnZhongkong(['serve'], { PATH: path }, folder);
    expect(await torn.ended).toBe(2);
    expect(torn.output()).toMatch(/the file \(zhongkong.config.json, line 3\): is not valid JSON/);
  });

  it('asks for the file when a variable is set that no demo needs: it starts no demo on the production Redis', async () => {
    const folder = tempFolder();
    const server = spawnZhongkong(['serve'], { PATH: path, WECHAT_API_BASE_URL: NOBODY }, folder);
    expect(await server.ended).toBe(2);
    expect(server.output()).toContain('write zhongkong.config.json');
    const lost = spawnZhongkong(
      ['serve'],
      { PATH: path, REDIS_URL: 'redis://127.0.0.1:1', ZHONGKONG_MASTER_KEY: MASTER_KEY },
      folder,
    );
    expect(await lost.ended).toBe(2);
    for (const key of ['REDIS_URL', 'ZHONGKONG_MASTER_KEY'])
      expect(lost.output()).toContain(`${key} (environment): is set, but there is no configuration file`);
  });
});

describe('the command line', () => {
  it.each([
    [['--help'], 0, /Usage: zhongkong/],
    [['serve', '--help'], 0, /ZHONGKONG_MASTER_KEY/],
    [['--version'], 0, /^\d+\.\d+\.\d+\n$/],
    [['srve'], 2, /unknown command 'srve'/],
    [['serve', '--prot', '1'], 2, /unknown option '--prot'/],
    [[], 2, /Usage: zhongkong/],
  ])('%j ends with %d', async (args, code, output) => {
    const run = spawnZhongkong(args, { PATH: path });
    expect(await run.ended).toBe(code);
    expect(run.output()).toMatch(output);
  });
});

describe('secrets', () => {
  it('reach neither the log at level trace, nor Redis in clear', async () => {
    const [redis, platform] = await Promise.all([startRedis(), startPlatform()]);
    const environment = { LOG_LEVEL: 'trace' };
    const config = { policy: { passiveCooldown: 0 } };
    const options = { platform: platform.url, redisUrl: redis.url, environment, config };
    const server = spawnServer(options);
    const url = await server.ready;
    const first = await readToken(url);
    platform.control.revoke({ appId: APP.appId });
    const second = await reportToken(url, { staleToken: first.accessToken, errcode: 40001 });
    platform.control.setSecret(APP.appId, 'another-secret');
    platform.control.revoke({ appId: APP.appId });
    await expect(reportToken(url, { staleToken: second.accessToken, errcode: 40001 })).rejects.toThrow(
      '40125',
    );
    await fetch(`${url}/v1/apps/${APP.appId}/access-token?secret=${APP.secret}`, {
      headers: { authorization: `Bearer ${APP.secret}` },
    });
    const stored = await redis.dump();
    server.kill('SIGTERM');
    await server.ended;
    const { ZHONGKONG_CONFIG: file = '' } = serverEnvironment(options);
    expect(readFileSync(file, 'utf8')).toContain(APP.secret);
    for (const secret of [
      APP.secret,
      first.accessToken,
      second.accessToken,
      'the-key-of-the-order-service',
      MASTER_KEY,
    ]) {
      expect(server.output()).not.toContain(secret);
      expect(stored).not.toContain(secret);
    }
    expect(server.output()).toContain('got a new token');
    expect(server.output()).toContain('40125');
    expect(stored).toContain(APP.appId);
  });
});
