import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { initWeixin } from '@zhongkong/client-sdk';
import { classifyCallFault, FAULT_TABLE } from '@zhongkong/shared';
import { cleanUp } from '../helpers/clean-up.js';
import { examplesOf, ROOT, readDoc } from '../helpers/examples.js';
import { API_KEY, APP, startPlatform } from '../helpers/fixtures.js';
import { PNG } from '../helpers/images.js';
import { startServer } from '../helpers/test-server.js';

const run = promisify(execFile);
const PAGES = readdirSync(join(ROOT, 'docs/guide')).map((name) => `docs/guide/${name}`);
const EXAMPLES = PAGES.flatMap((page) =>
  [...examplesOf(page)].map(([name, code]) => [page, name, code] as const),
);

/** Inside the house, so that the packages are found as a service would find them. */
function folderOfService(): string {
  const ignoredByGit = join(ROOT, 'tests', 'dist');
  mkdirSync(ignoredByGit, { recursive: true });
  const folder = mkdtempSync(join(ignoredByGit, 'examples-'));
  cleanUp(() => rmSync(folder, { recursive: true }));
  return folder;
}

describe('the guide', () => {
  it('has an example on every page that is about code', () => {
    const without = PAGES.filter((page) => examplesOf(page).size === 0);
    expect(without.sort()).toEqual(['docs/guide/README.md', 'docs/guide/README.zh-CN.md']);
    const unmarked = PAGES.flatMap((page) => [...readDoc(page).matchAll(/^(?!<!--).*\n+```[jt]s$/gm)]);
    expect(unmarked).toEqual([]);
  });

  it('has examples whose types are right', async () => {
    const folder = folderOfService();
    const files = EXAMPLES.map(([page, name, code]) => {
      const file = join(folder, `${page.replace(/\W/g, '-')}-${name}.mjs`);
      writeFileSync(file, code);
      return file;
    });
    const untyped = join(folder, 'untyped.d.ts');
    writeFileSync(untyped, "declare module 'co-wechat-api';\n");
    const options = '--noEmit --allowJs --checkJs --strict --skipLibCheck --module nodenext --target es2023';
    await run(
      join(ROOT, 'node_modules/.bin/tsc'),
      [...options.split(' '), '--types', 'node', '--ignoreConfig', untyped, ...files],
      { cwd: folder },
    ).catch(({ stdout }) => expect(stdout).toBe(''));
  });

  it.each(EXAMPLES)('README example of %s: %s runs to its end', async (_page, _name, code) => {
    const platform = await startPlatform();
    const server = await startServer({ platform: platform.url, config: { apps: [APP] } });
    const folder = folderOfService();
    writeFileSync(join(folder, 'code.jpg'), PNG);
    const adapted = code
      .replaceAll('http://127.0.0.1:7200', server.url)
      .replaceAll('https://api.weixin.qq.com', platform.url)
      .replaceAll('the key of this service', API_KEY)
      .replaceAll('the secret of the app', APP.secret)
      .replaceAll('initWeixin({', `initWeixin({ baseUrl: '${platform.url}',`);
    writeFileSync(join(folder, 'example.mjs'), adapted);
    const { stderr } = await run(process.execPath, ['example.mjs'], { cwd: folder, timeout: 20_000 });
    expect(stderr).toBe('');
  });

  it.each(PAGES)('%s points at files that are there', (page) => {
    const targets = [...readDoc(page).matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, target = '']) => target);
    const missing = targets.filter(
      (target) => !existsSync(join(ROOT, normalize(join(dirname(page), target)))),
    );
    expect(missing).toEqual([]);
  });

  it('lists every method there is, and no other', () => {
    const weixin = initWeixin({ appId: 'wx', accessToken: 'x' });
    const methods = Object.entries(weixin).flatMap(([group, value]) =>
      typeof value === 'function' ? [group] : Object.keys(value).map((name) => `${group}.${name}`),
    );
    const listed = [...readDoc('docs/guide/weixin.md').matchAll(/^\| `([\w.]+)\(/gm)].map(([, name]) => name);
    expect(listed.sort()).toEqual(methods.filter((name) => name !== 'close').sort());
  });
});

describe('docs/guide/faults.md', () => {
  it('has a row for every code of the table, with its kinds and what an operator can do', () => {
    const rows = readDoc('docs/guide/faults.md').matchAll(
      /^\| `(-?\d+)` \| (.+) \| (.+) \| (.+) \| (.*) \|$/gm,
    );
    const documented = [...rows].map(([, code, , call, issue, hint]) => [
      Number(code),
      call,
      issue,
      hint?.trim(),
    ]);
    const known = Object.entries(FAULT_TABLE).map(([code, { onIssue, hint }]) => [
      Number(code),
      classifyCallFault(Number(code)),
      onIssue ?? '–',
      hint?.en ?? '',
    ]);
    const byCode = (rows: unknown[][]) => rows.sort(([one], [other]) => Number(one) - Number(other));
    expect(byCode(documented)).toEqual(byCode(known));
  });
});
