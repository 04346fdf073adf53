import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Sandbox } from '@zhongkong/sandbox';
import { fingerprint } from '@zhongkong/shared';
import { runCli } from '../helpers/cli.js';
import { API_KEY, APP, OTHER_APP, startPlatform } from '../helpers/fixtures.js';
import { freePort } from '../helpers/free-port.js';
import { readToken } from '../helpers/http.js';
import { makeSelfSigned } from '../helpers/self-signed.js';
import { serve } from '../helpers/serve.js';
import { tempFolder } from '../helpers/temp-folder.js';
import { CLIENTS, startServer } from '../helpers/test-server.js';

const ADMIN = 'the-key-of-the-operator';
const NAMED = { ...APP, name: '商城小程序' };
/** An app that WeChat knows, and the configuration file does not. */
const NEW = { appId: 'wx00000000000000aa', secret: 'the-secret-of-the-new-app-000001' };
const config = {
  apps: [NAMED, OTHER_APP],
  clients: [
    ...CLIENTS,
    { name: 'half-operator', key: 'the-key-of-half-an-operator', apps: [APP.appId], scopes: ['admin'] },
    { name: 'operator', key: ADMIN, apps: ['*'], scopes: ['token:read', 'token:refresh', 'admin'] },
  ],
};

let platform: Sandbox;
let url: string;
beforeAll(async () => {
  platform = await startPlatform({ apps: [APP, OTHER_APP, NEW] });
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
  it('list gives programs tabs, whole instants and no colour', async () => {
    const { code, stdout } = await run(['apps', 'list']);
    const rows = stdout
      .trimEnd()
      .split('\n')
      .map((line) => line.split('\t'));
    expect([code, rows[1]?.[4]]).toEqual([0, (await readToken(url)).expiresAt]);
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

describe('zhongkong apps and the registry', () => {
  const show = async (appId: string) => JSON.parse((await run(['apps', 'show', appId, '--json'])).stdout);

  it('add takes the secret from stdin, and keeps nothing that WeChat refuses; the reason comes in the language of the user', async () => {
    const environment = { LANG: 'zh_CN.UTF-8' };
    const wrong = await run(['apps', 'add', NEW.appId], { input: 'not-the-secret\n', environment });
    expect(wrong).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^zhongkong: .*\p{sc=Han}.*40125/u),
    });
    expect(await run(['apps', 'show', NEW.appId])).toMatchObject({ code: 1 });
    expect(await run(['apps', 'add', NEW.appId])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('stdin'),
    });

    const args = ['apps', 'add', NEW.appId, '--name', 'new', '--policy', 'refreshLead=100', 'sweep=20'];
    const added = await run(args, { input: `${NEW.secret}\n` });
    expect(added).toEqual({
      code: 0,
      stdout: `The app ${NEW.appId} was added. WeChat took its secret.\n`,
      stderr: '',
    });
    expect(await show(NEW.appId)).toMatchObject({
      name: 'new',
      source: 'api',
      policy: { refreshLead: 100, sweep: 20 },
      secretFingerprint: fingerprint(NEW.secret),
    });
    const again = await run(['apps', 'add', NEW.appId], { input: NEW.secret });
    expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining('zhongkong apps set') });
  });

  it('add asks for the secret on a terminal and does not show what is typed', async () => {
    const asked = await run(['apps', 'set', NEW.appId, '--secret'], {
      input: `${NEW.secret}\r`,
      terminal: 80,
    });
    expect(asked).toMatchObject({ code: 0, stderr: `AppSecret of ${NEW.appId} (not shown): \n` });
    expect(asked.stdout).toBe(`The app ${NEW.appId} was changed. WeChat took its new secret.\n`);
  });

  it('set changes what is named, and what the file names is changed there only', async () => {
    const file = join(tempFolder(), 'secret');
    writeFileSync(file, `${NEW.secret}\n`);
    const args = ['--mode', 'classic', '--policy', 'sweep=default', '--secret-file', file, '--no-try'];
    expect(await run(['apps', 'set', NEW.appId, ...args])).toMatchObject({ code: 0, stderr: '' });
    expect(await show(NEW.appId)).toMatchObject({
      name: 'new',
      mode: 'classic',
      policy: { refreshLead: 100, sweep: 30 },
    });
    expect(await run(['apps', 'pause', NEW.appId])).toMatchObject({ code: 0 });
    expect((await run(['apps', 'list', '--search', 'NEW'])).stdout).toContain('fresh, paused');
    expect(await run(['apps', 'resume', NEW.appId])).toMatchObject({ code: 0 });
    expect(await show(NEW.appId)).toMatchObject({ paused: false });

    const ofTheFile = await run(['apps', 'pause', APP.appId]);
    expect(ofTheFile).toMatchObject({ code: 1, stderr: expect.stringContaining('configuration file') });
    const nowhere = await run(['apps', 'set', 'wx-nowhere', '--name', 'x']);
    expect(nowhere).toMatchObject({ code: 1, stderr: expect.stringContaining('zhongkong apps list') });
    const policy = await run(['apps', 'set', NEW.appId, '--policy', 'refreshLaed=3']);
    expect(policy).toMatchObject({ code: 1, stderr: expect.stringContaining('refreshLaed') });
  });

  it('list goes from page to page', async () => {
    const first = await run(['apps', 'list', '--limit', '1', '--json']);
    const { next } = JSON.parse(first.stdout);
    expect(next).toBe(NEW.appId);
    expect((await run(['apps', 'list', '--limit', '1'])).stderr).toContain(`--after ${NEW.appId}`);
    const second = await run(['apps', 'list', '--limit', '1', '--after', next]);
    expect(second.stdout).toContain(APP.appId);
    const all = JSON.parse((await run(['apps', 'list', '--all', '--json'])).stdout);
    expect(all.apps.map(({ appId }: { appId: string }) => appId)).toEqual([
      NEW.appId,
      APP.appId,
      OTHER_APP.appId,
    ]);
    expect(all.next).toBeNull();
    expect((await run(['apps', 'list', '--all', '--phase', 'dead'])).stdout.split('\n')).toHaveLength(2);
  });

  it('token rotate brings a new token, and asks before it ends a good one', async () => {
    const before = (await show(NEW.appId)).version;
    const classic = await run(['token', 'rotate', NEW.appId]);
    expect(classic).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^A new token was fetched: version \d+/),
    });
    expect((await show(NEW.appId)).version).toBeGreaterThan(before);

    const same = await run(['token', 'rotate', APP.appId]);
    expect(same).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('--force') });
    const { version } = await readToken(url);
    const unasked = await run(['token', 'rotate', APP.appId, '--force']);
    expect(unasked).toMatchObject({ code: 2, stderr: expect.stringContaining('--yes') });
    expect((await readToken(url)).version).toBe(version);
    expect(await run(['token', 'rotate', APP.appId, '--force', '--yes'])).toMatchObject({ code: 0 });
    expect((await readToken(url)).version).toBeGreaterThan(version);
  });

  it.each([
    ['no terminal and no --yes', {}, 2],
    ['another answer than yes', { terminal: 80, input: 'n\r' }, 1],
    ['Ctrl-D', { terminal: 80, input: '\u0004' }, 130],
    ['Ctrl-C', { terminal: 80, input: '\u0003' }, 130],
  ])('remove changes nothing with %s', async (_what, options, code) => {
    const refused = await run(['apps', 'remove', NEW.appId], options);
    expect(refused).toMatchObject({
      code,
      stdout: '',
      stderr: expect.stringContaining('Nothing was changed'),
    });
    expect(await show(NEW.appId)).toMatchObject({ appId: NEW.appId });
  });

  it('remove removes the app once it is confirmed', async () => {
    expect(await run(['apps', 'remove', NEW.appId], { terminal: 80, input: 'y\r' })).toMatchObject({
      code: 0,
    });
    expect(await run(['apps', 'show', NEW.appId])).toMatchObject({ code: 1 });
    const added = await run(['apps', 'add', NEW.appId, '--mode', 'external', '--json']);
    expect(JSON.parse(added.stdout)).toMatchObject({ mode: 'external', secretFingerprint: null });
    const removed = await run(['apps', 'remove', NEW.appId, '--yes', '--json']);
    expect(removed).toEqual({ code: 0, stdout: '', stderr: '' });
  });
});

describe('zhongkong clients', () => {
  const list = async () => {
    const { clients } = JSON.parse((await run(['clients', 'list', '--all', '--json'])).stdout);
    return clients.find(({ name }: { name: string }) => name === 'billing');
  };
  const tokenWith = (key: string) => runCli(['token', 'get', APP.appId, '--url', url, '--key', key]);

  it('create prints the key alone, once, and it works; set changes what it may do', async () => {
    const created = await run(['clients', 'create', 'billing', '--apps', APP.appId, '--expires', '90d']);
    expect(created).toMatchObject({ code: 0, stdout: expect.stringMatching(/^zk_[\w-]{37}\n$/) });
    expect(created.stderr).toMatch(/^zhongkong: The client billing .* not shown again/);
    expect(await tokenWith(created.stdout.trim())).toMatchObject({ code: 0 });
    const taken = await run(['clients', 'create', 'billing', '--apps', '*']);
    expect(taken).toMatchObject({ code: 1, stdout: '' });

    const scopes = ['--scopes', 'token:read,admin', '--apps', '*', '--expires', 'never'];
    expect(await run(['clients', 'set', 'billing', ...scopes])).toMatchObject({ code: 0 });
    expect(await list()).toMatchObject({ scopes: ['token:read', 'admin'], apps: ['*'], expiresAt: null });
    expect((await run(['clients', 'list', '--search', 'bill'])).stdout.split('\n')).toHaveLength(3);
  });

  it('rotate makes a second key and says how to end the old one; revoke ends one key, or all', async () => {
    const [old] = (await list()).keys;
    const second = await run(['clients', 'rotate', 'billing']);
    const key = second.stdout.trim();
    expect(second.stderr).toContain(`zhongkong clients revoke billing --key-id ${old.id}`);
    const third = await run(['clients', 'rotate', 'billing']);
    expect(third).toMatchObject({ code: 1, stdout: '' });

    expect(await run(['clients', 'revoke', 'billing', '--key-id', 'k9', '--yes'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(old.id),
    });
    expect(await run(['clients', 'revoke', 'billing', '--key-id', old.id])).toMatchObject({ code: 2 });
    expect(await run(['clients', 'revoke', 'billing', '--key-id', old.id, '--yes'])).toMatchObject({
      code: 0,
    });
    expect(await tokenWith(key)).toMatchObject({ code: 0 });
    const { id } = await list();
    expect(await run(['clients', 'revoke', id, '--yes'])).toMatchObject({ code: 0 });
    expect(await tokenWith(key)).toMatchObject({ code: 1, stderr: expect.stringContaining('--key') });
    expect(await run(['clients', 'rotate', 'billing'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('zhongkong clients list'),
    });
  });
});

describe('zhongkong audit', () => {
  it('shows who changed what, the newest first, and never a secret', async () => {
    const { code, stdout } = await run(['audit', '--limit', '500']);
    const rows = stdout
      .trimEnd()
      .split('\n')
      .map((line) => line.split('\t'));
    expect([code, rows[0]?.slice(1, 5)]).toEqual([0, ['CLIENT', 'ADDRESS', 'ACTION', 'TARGET']]);
    const actions = rows.map(([, client, , action, target]) => `${client} ${action} ${target}`);
    expect(actions[1]).toBe('operator client.remove billing');
    expect(actions).toContain(`operator app.create ${NEW.appId}`);
    expect(stdout).not.toContain(NEW.secret);
    expect((await run(['audit', '--limit', '1'])).stderr).toMatch(/--before \d+-\d+/);
  });
});

describe('zhongkong status', () => {
  it('shows as much as the key may see', async () => {
    const half = await runCli(['status', '--url', url, '--key', 'the-key-of-half-an-operator']);
    expect(half).toMatchObject({
      code: 0,
      stderr: '',
      stdout: expect.stringContaining('apps\t1: 1 fresh\n'),
    });
    expect(half.stdout).toContain('clients\tnot known');
  });

  it('shows on one screen how everything is, and what needs attention', async () => {
    const sound = await run(['status']);
    expect(sound.stdout).toContain(`server\t${url}, ready`);
    expect(sound.stdout).toContain('apps\t2: 2 fresh\n');
    expect(sound).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('nothing needs attention'),
      stderr: '',
    });

    platform.control.freeze(OTHER_APP.appId);
    platform.control.revoke({ appId: OTHER_APP.appId });
    await run(['token', 'refresh', OTHER_APP.appId]);
    const troubled = await run(['status'], { terminal: 100, environment: { LC_ALL: 'zh_CN.UTF-8' } });
    expect(troubled.stdout).toMatch(
      new RegExp(`1 needs attention:.*\\n${OTHER_APP.appId} .*40243.*\\p{sc=Han}`, 'u'),
    );
    expect(troubled.stdout.split('\n').length).toBeLessThan(25);
    const { apps, readiness, clients } = JSON.parse((await run(['status', '--json'])).stdout);
    expect([apps.total, apps.inTrouble.length, readiness.status, clients.endingSoon]).toEqual([
      2,
      1,
      'ready',
      [],
    ]);
  });
});

describe('a server with a certificate of a private authority', () => {
  it('is reached with --ca, and with a client certificate where it asks for one', async () => {
    const [server, client] = [makeSelfSigned(), makeSelfSigned()];
    const environment = {
      TLS_CERT: server.certificate,
      TLS_KEY: server.key,
      TLS_CLIENT_CA: client.certificate,
    };
    const started = await startServer({ platform: platform.url, config, environment });
    const at = started.url.replace('127.0.0.1', 'localhost');
    const get = (...args: string[]) =>
      runCli(['token', 'get', APP.appId, '--url', at, '--key', ADMIN, ...args]);
    const [trusted, known] = [
      ['--ca', server.certificate],
      ['--cert', client.certificate, '--cert-key', client.key],
    ];
    expect(await get(...trusted, ...known)).toMatchObject({ code: 0, stderr: '' });
    expect(await get(...known)).toMatchObject({ code: 1, stderr: expect.stringContaining('--ca') });
    expect(await get(...trusted)).toMatchObject({ code: 1, stderr: expect.stringContaining('--cert and') });
    expect(await get('--ca', client.key, ...known)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('--ca'),
    });
    const plain = await get('--url', at.replace('https:', 'http:'));
    expect(plain).toMatchObject({ code: 1, stderr: expect.stringContaining('write https://') });
  });
});

describe('a server at a socket, whose WeChat is away', () => {
  it('is reached with unix:/path, and its status is a failure that says why', async () => {
    const socket = join(tempFolder(), 'zhongkong.sock');
    const nobody = `http://127.0.0.1:${await freePort()}`;
    await startServer({ platform: nobody, config, environment: { HOST: `unix:${socket}` } });
    const ask = (...args: string[]) => runCli([...args, '--key', ADMIN, '--url', `unix:${socket}`]);
    const status = await ask('status');
    expect(status).toMatchObject({ code: 1, stderr: expect.stringContaining('not ready: zhongkong doctor') });
    expect(status.stdout).toMatch(/apps\t2: 2 missing\n/);
    const token = await ask('token', 'get', APP.appId);
    expect(token).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/Try again in \d+ s\.\n$/),
    });
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
