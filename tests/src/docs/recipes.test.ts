import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, normalize } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { cleanUp } from '../helpers/clean-up.js';
import { examplesOf, ROOT, readDoc } from '../helpers/examples.js';
import { APP, startPlatform } from '../helpers/fixtures.js';
import { startServer } from '../helpers/test-server.js';

const run = promisify(execFile);
const FOLDER = 'docs/recipes';
const INDEXES = ['README.md', 'README.zh-CN.md'];
const FILES = readdirSync(join(ROOT, FOLDER));
/** The Chinese twins have the same examples, which tests/src/docs/twins.test.ts holds. */
const RECIPES = FILES.filter((file) => !INDEXES.includes(file) && !file.endsWith('.zh-CN.md'));
const KEY = 'the-key-of-this-service';
const CALLBACK_IP = '/cgi-bin/getcallbackip';
const WXACODE = '/wxa/getwxacodeunlimit';

/** Below the house, so that a script finds the packages; the token has just died when it starts. */
async function world(scopes: string[]) {
  const platform = await startPlatform();
  const clients = [{ name: 'service', key: KEY, apps: [APP.appId], scopes }];
  const reader = { name: 'reader', key: 'the-key-of-the-reader', apps: [APP.appId], scopes: ['token:read'] };
  const config = { apps: [APP], clients: [...clients, reader] };
  const server = await startServer({ platform: platform.url, config });
  const read = await fetch(`${server.url}/v1/apps/${APP.appId}/access-token`, {
    headers: { authorization: `Bearer ${reader.key}` },
  });
  expect(read.status).toBe(200);
  const ignoredByGit = join(ROOT, 'tests', 'dist');
  mkdirSync(ignoredByGit, { recursive: true });
  const folder = mkdtempSync(join(ignoredByGit, 'recipes-'));
  cleanUp(() => rmSync(folder, { recursive: true }));
  platform.control.revoke({ appId: APP.appId });

  const runs = async (recipe: string, name: string, { direct = false } = {}) => {
    const code = (examplesOf(`${FOLDER}/${recipe}`).get(name) ?? '')
      .replaceAll('http://127.0.0.1:7200', server.url)
      .replaceAll('the key of this service', KEY)
      // Recipes that go through the proxy name WeChat's own address, and must not reach it.
      .replaceAll('https://api.weixin.qq.com', direct ? platform.url : 'https://api.weixin.qq.com');
    const file = recipe === 'curl.md' ? 'example.sh' : 'example.mjs';
    writeFileSync(join(folder, file), code);
    const program = recipe === 'curl.md' ? ['sh', '-eu'] : [process.execPath];
    const [command = '', ...args] = [...program, file];
    return run(command, args, { cwd: folder, timeout: 20_000 });
  };
  const errcodes = (path: string) => platform.control.calls({ path }).map(({ errcode }) => errcode);
  const issued = () => platform.control.counters(APP.appId).tokensIssued.stable;
  return { platform, folder, runs, errcodes, issued };
}

describe('recipes with the server as the one base URL', () => {
  it.each(['co-wechat-api.md', 'node-easywechat.md'])(
    '%s: a call with a dead token succeeds, and an image comes back',
    async (recipe) => {
      const { platform, runs, errcodes, issued } = await world(['token:read']);
      const { stdout, stderr } = await runs(recipe, 'base');
      expect(stderr).toBe('');
      expect(stdout).toMatch(/ip_list/);
      expect(stdout).toMatch(/^\d{3,}$|image\/jpeg/m);
      expect(errcodes(CALLBACK_IP).at(-1)).toBe(0);
      expect(errcodes(WXACODE)).toEqual([0]);
      expect(issued()).toBe(2);
      expect(platform.control.calls({ path: '/cgi-bin/token' })).toEqual([]);
    },
  );

  it('a recipe for each SDK that has a setting for it begins with it', () => {
    const without = ['curl.md', 'senparc.md'];
    const late = RECIPES.filter((recipe) => {
      const [, first] = /^## (.*)$/m.exec(readDoc(`${FOLDER}/${recipe}`)) ?? [];
      return !without.includes(recipe) && first !== 'One base URL, a client key as the secret';
    });
    expect(late).toEqual([]);
  });
});

describe('recipes through the proxy', () => {
  it.each([
    ['co-wechat-api.md', 'proxied'],
    ['node-easywechat.md', 'proxied'],
  ])('%s: a call with a dead token succeeds, and an image comes back', async (recipe, name) => {
    const { runs, errcodes, issued } = await world(['proxy']);
    const { stdout, stderr } = await runs(recipe, name);
    expect(stderr).toBe('');
    expect(stdout).toMatch(/ip_list/);
    expect(stdout).toMatch(/^\d{3,}$|image\/jpeg/m);
    expect(errcodes(CALLBACK_IP)).toEqual([40001, 0]);
    expect(errcodes(WXACODE)).toEqual([0]);
    expect(issued()).toBe(2);
  });

  it('co-wechat-api.md: what the proxy will not mend is tried once more by it, and not by the library', async () => {
    const { platform, runs, errcodes } = await world(['proxy']);
    platform.control.addFault({ kind: 'errcode', errcode: 40001, path: CALLBACK_IP, times: 'forever' });
    await expect(runs('co-wechat-api.md', 'proxied')).rejects.toMatchObject({
      stderr: expect.stringContaining('WeChatAPIError'),
    });
    expect(errcodes(CALLBACK_IP)).toEqual([40001, 40001]);
  });

  it('curl.md: a shell script calls without a token, and its key is readable by nobody else', async () => {
    const { folder, runs, errcodes } = await world(['proxy']);
    const { stdout } = await runs('curl.md', 'proxied');
    expect(JSON.parse(stdout)).toHaveProperty('ip_list');
    expect(errcodes(WXACODE)).toEqual([40001, 0]);
    expect(statSync(join(folder, 'code.jpg')).size).toBeGreaterThan(100);
    expect(statSync(join(folder, 'zhongkong.curl')).mode & 0o077).toBe(0);
  });
});

describe('recipes with the token itself', () => {
  it('curl.md: a dead token is reported once, and the call made once more', async () => {
    const { runs, errcodes, issued } = await world(['token:read', 'token:refresh']);
    const { stdout } = await runs('curl.md', 'healing', { direct: true });
    expect(JSON.parse(stdout)).toHaveProperty('ip_list');
    expect(errcodes(CALLBACK_IP)).toEqual([40001, 0]);
    expect(issued()).toBe(2);
  });

  it('node-easywechat.md: by the token path alone, a dead token heals when the library asks again', async () => {
    const { folder, runs } = await world(['token:read']);
    const { stdout } = await runs('node-easywechat.md', 'direct', { direct: true });
    expect(stdout).toMatch(/40001/);
    const kept = readdirSync(folder).filter((file) => !file.startsWith('example'));
    expect(kept).toHaveLength(1);
    for (const file of kept) rmSync(join(folder, file));
    expect((await runs('node-easywechat.md', 'direct', { direct: true })).stdout).toMatch(/ip_list/);
  });
});

describe('the index of the recipes', () => {
  it.each(INDEXES)('%s names every recipe', (index) => {
    const listed = [...readDoc(`${FOLDER}/${index}`).matchAll(/^\| .*?\]\(([\w-]+)(?:\.zh-CN)?\.md\)/gm)];
    expect([...new Set(listed.map(([, name]) => `${name}.md`))].sort()).toEqual(RECIPES.sort());
  });

  it.each(RECIPES)(
    '%s says in its first line whether it was run, and with or for which version',
    (recipe) => {
      const [, , , , first] = readDoc(`${FOLDER}/${recipe}`).split('\n');
      const isRun = examplesOf(`${FOLDER}/${recipe}`).size > 0;
      expect(first).toMatch(isRun ? /^\*Run by a test/ : /^\*Not run here.*\d/);
    },
  );

  it.each(FILES)('%s points at files that are there', (file) => {
    const targets = [...readDoc(`${FOLDER}/${file}`).matchAll(/\]\((?!https?:)([^)#]+)/g)];
    const missing = targets
      .map(([, target = '']) => target)
      .filter((target) => !existsSync(join(ROOT, normalize(join(FOLDER, target)))));
    expect(missing).toEqual([]);
  });
});
