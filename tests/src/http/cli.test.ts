import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Sandbox } from '@zhongkong/sandbox';
import { fingerprint } from '@zhongkong/shared';
import { runCli } from '../helpers/cli.js';
import { API_KEY, APP, OTHER_APP, startPlatform } from '../helpers/fixtures.js';
import { freePort } from '../helpers/free-port.js';
import { readToken } from '../helpers/http.js';
import { serve } from '../helpers/serve.js';
import { tempFolder } from '../helpers/temp-folder.js';
import { CLIENTS, startServer } from '../helpers/test-server.js';

const ADMIN = 'the-key-of-the-operator';
const NAMED = { ...APP, name: '商城小程序' };
const config = {
  apps: [NAMED, OTHER_APP],
  clients: [
    ...CLIENTS,
    { name: 'operator', key: ADMIN, apps: ['*'], scopes: ['token:read', 'token:refresh', 'admin'] },
  ],
};

let platform: Sandbox;
let url: string;
beforeAll(async () => {
  platform = await startPlatform();
  ({ url } = await startServer({ platform: platform.url, config }));
  await Promise.all([
    readToken(url),
    runCli(['token', 'get', OTHER_APP.appId, '--url', url, '--key', ADMIN]),
  ]);
});

/** As the operator. */
const run = (args: string[], options: Parameters<typeof runCli>[1] = {}) =>
  runCli([...args, '--url', url, '--key', ADMIN], options);

/** What the server answers to the operator. */
async function bodyOf(path: string): Promise<string> {
  return (await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${ADMIN}` } })).text();
}

describe('zhongkong token', () => {
  it('get prints the token and nothing else, and all of the answer with --json', async () => {
    const { accessToken, version } = await readToken(url);
    expect(await run(['token', 'get', APP.appId])).toEqual({
      code: 0,
      stdout: `${accessToken}\n`,
      stderr: '',
    });
    const { stdout } = await run(['token', 'get', APP.appId, '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ accessToken, version });
  });

  it('refresh leaves a token alone that is alive, and replaces one that is dead; it shows fingerprints only', async () => {
    const first = await readToken(url);
    const alive = await run(['token', 'refresh', APP.appId]);
    expect(alive).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('is alive, so nothing was fetched'),
    });
    platform.control.revoke({ appId: APP.appId });
    const dead = await run(['token', 'refresh', APP.appId]);
    const second = await readToken(url);
    expect(second.version).toBeGreaterThan(first.version);
    expect(dead).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(`fingerprint ${fingerprint(second.accessToken)}`),
    });
    expect(dead.stdout).not.toContain(second.accessToken);
  });
});

describe('zhongkong apps', () => {
  it('list gives programs tabs and no colour', async () => {
    const { code, stdout } = await run(['apps', 'list']);
    const rows = stdout
      .trimEnd()
      .split('\n')
      .map((line) => line.split('\t'));
    expect(code).toBe(0);
    expect(rows.map((row) => row.slice(0, 4))).toEqual([
      ['APP ID', 'NAME', 'MODE', 'PHASE'],
      [APP.appId, NAMED.name, 'stable', 'fresh'],
      [OTHER_APP.appId, '-', 'stable', 'fresh'],
    ]);
  });

  it('list gives people aligned columns and colours, in which Chinese counts double; NO_COLOR is honoured', async () => {
    const colourful = await run(['apps', 'list'], { terminal: 200 });
    expect(colourful.stdout).toContain('\u001b[32mfresh\u001b[39m');
    const plain = await run(['apps', 'list'], { terminal: 200, environment: { NO_COLOR: '1' } });
    const [heading = '', chinese = '', none = ''] = plain.stdout.split('\n');
    const column = heading.indexOf('MODE');
    expect([chinese.indexOf('stable') + NAMED.name.length, none.indexOf('stable')]).toEqual([column, column]);
    expect(plain.stdout).not.toContain('\u001b');
  });

  it('show tells all about one app', async () => {
    const { accessToken } = await readToken(url);
    const { code, stdout } = await run(['apps', 'show', APP.appId]);
    expect(code).toBe(0);
    expect(stdout).toContain(`name\t${NAMED.name}\n`);
    expect(stdout).toContain(fingerprint(accessToken));
    expect(stdout).not.toContain(accessToken);
  });
});

describe('zhongkong history', () => {
  it('shows who did what, the newest first, and as much as is asked for', async () => {
    const { code, stdout } = await run(['history', OTHER_APP.appId, '--limit', '1']);
    const [heading, entry, ...rest] = stdout
      .trimEnd()
      .split('\n')
      .map((line) => line.split('\t'));
    expect([code, rest]).toEqual([0, []]);
    expect(heading?.slice(0, 4)).toEqual(['WHEN', 'WHAT', 'WHY', 'OUTCOME']);
    expect(entry?.slice(1, 4)).toEqual(['refresh', 'bootstrap', 'refreshed']);
  });
});

describe('--json', () => {
  it.each([
    [['apps', 'show', OTHER_APP.appId], `/v1/apps/${OTHER_APP.appId}`],
    [['history', OTHER_APP.appId], `/v1/apps/${OTHER_APP.appId}/history?limit=20`],
  ])('%j prints the body of the server as it came', async (args, path) => {
    const withoutAge = (text: string) => text.replace(/"ageSeconds":\d+/, '');
    const { code, stdout } = await run([...args, '--json']);
    expect(code).toBe(0);
    expect(withoutAge(stdout)).toBe(`${withoutAge(await bodyOf(path))}\n`);
  });

  it('prints the error answer of the server too', async () => {
    const { code, stdout, stderr } = await run(['apps', 'show', 'wx-nowhere', '--json']);
    expect([code, JSON.parse(stdout).code, stderr.split('\n')]).toEqual([
      1,
      'unknown_app',
      [expect.any(String), ''],
    ]);
  });
});

describe('an error is one line with the next step, and never holds the key', () => {
  const wrong = 'a-key-that-nobody-knows';
  it.each([
    ['an unknown key', ['token', 'get', APP.appId, '--key', wrong], 1, /The key came from --key/],
    [
      'a scope that is missing',
      ['apps', 'list', '--key', API_KEY],
      1,
      /does not have the scope admin.*clients set/,
    ],
    ['an unknown app', ['token', 'get', 'wx-nowhere', '--key', ADMIN], 1, /zhongkong apps list/],
    [
      'a value of another kind',
      ['apps', 'list', '--limit', '0', '--key', ADMIN],
      2,
      /whole number from 1 to 1000/,
    ],
    ['a phase that does not exist', ['apps', 'list', '--phase', 'red', '--key', ADMIN], 2, /Allowed choices/],
    ['nothing to change', ['apps', 'set', APP.appId, '--key', ADMIN], 2, /--name/],
    ['an option without effect', ['completion', 'bash', '--key', ADMIN], 2, /no effect/],
    ['no key', ['apps', 'list'], 2, /ZHONGKONG_API_KEY/],
    ['half of a certificate', ['apps', 'list', '--key', ADMIN, '--cert', 'x'], 2, /--cert-key/],
    [
      'a file that is not there',
      ['apps', 'list', '--key', ADMIN, '--ca', '/nowhere'],
      2,
      /\/nowhere of --ca.*ENOENT/,
    ],
  ])('%s', async (_what, args, code, message) => {
    const result = await runCli([...args, '--url', url]);
    expect(result).toMatchObject({ code, stdout: '', stderr: expect.stringMatching(message) });
    expect(result.stderr).toMatch(/^zhongkong: /);
    for (const key of [wrong, API_KEY, ADMIN]) expect(result.stderr).not.toContain(key);
  });

  it('nothing answers, or a program that is no Zhongkong server', async () => {
    const nobody = `http://127.0.0.1:${await freePort()}`;
    const page = await serve((_request, response) => response.end('<html>'));
    const ask = async (at: string) => (await runCli(['apps', 'list', '--key', ADMIN, '--url', at])).stderr;
    expect(await ask(nobody)).toMatch(/^zhongkong: No server answers at .*zhongkong serve.*--url/);
    expect(await ask(page)).toMatch(/is not a Zhongkong server/);
    expect(await ask(url.replace('http:', 'https:'))).toMatch(/does not speak TLS: write http:/);
    expect(await ask('unix:/nowhere/zhongkong.sock')).toMatch(/No server answers at unix:/);
  });
});

describe('the key of the server on this machine', () => {
  it('is taken from DATA_DIR when none is given', async () => {
    const dataDir = tempFolder();
    writeFileSync(join(dataDir, 'admin.key'), `${ADMIN}\n`);
    const environment = { DATA_DIR: dataDir };
    expect(await runCli(['token', 'get', APP.appId, '--url', url], { environment })).toMatchObject({
      code: 0,
    });
  });
});
