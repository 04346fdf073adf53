import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { hasBrowser, openPage, startBrowser } from '../helpers/browser.js';
import { ROOT } from '../helpers/examples.js';
import { serve } from '../helpers/serve.js';

const SITE = join(ROOT, 'site', 'dist');
const BUILD_TIMEOUT_MS = 180_000;
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
};
const itInBrowser = hasBrowser ? it : it.skip;

function fileOf(path: string): string | undefined {
  const plain = join(SITE, decodeURIComponent(path.split('?')[0] ?? ''));
  return [plain, `${plain}.html`, join(plain, 'index.html')].find(
    (file) => existsSync(file) && statSync(file).isFile(),
  );
}

/** The site as any web server would serve it. */
const serveSite = () =>
  serve((request, response) => {
    const file = fileOf(request.url ?? '/');
    response.statusCode = file === undefined ? 404 : 200;
    response.setHeader('content-type', TYPES[extname(file ?? '')] ?? 'application/octet-stream');
    response.end(file === undefined ? '' : readFileSync(file));
  });

describe('the site of the documentation', () => {
  beforeAll(async () => {
    await promisify(execFile)(process.execPath, [join(ROOT, 'scripts', 'docs-site.mjs'), 'build'], {
      cwd: ROOT,
    });
  }, BUILD_TIMEOUT_MS);

  it('has no link to a page or a part of a page that is not there, and nothing from elsewhere', () => {
    const pages = readdirSync(SITE, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.html'),
    );
    expect(pages.length).toBeGreaterThan(80);
    const dead: string[] = [];
    const outside: string[] = [];
    for (const page of pages.filter((name) => name !== '404.html')) {
      const html = readFileSync(join(SITE, page), 'utf8');
      const main = /<main[\s\S]*<\/main>/.exec(html)?.[0] ?? '';
      for (const [, target = ''] of main.matchAll(/<a [^>]*href="([^"]+)"/g)) {
        if (/^\w+:/.test(target)) continue;
        const [path = '', anchor] = target.split('#');
        const file = path === '' ? join(SITE, page) : fileOf(path);
        const id = anchor && `id="${decodeURIComponent(anchor)}"`;
        if (file === undefined || (id && !readFileSync(file, 'utf8').includes(id)))
          dead.push(`${page}: ${target}`);
      }
      for (const [, source = ''] of html.matchAll(/<(?:script|link|img)[^>]+(?:src|href)="(https?:[^"]+)"/g))
        outside.push(`${page}: ${source}`);
    }
    expect({ dead, outside }).toEqual({ dead: [], outside: [] });
  });

  itInBrowser(
    'finds 40001 and 白名单',
    async () => {
      const { page, complaints } = await openPage(await startBrowser(), { locale: 'zh-CN' });
      await page.goto(await serveSite());
      for (const words of ['40001', '白名单']) {
        await page.keyboard.press('Control+k');
        await page.fill('.search-input', words);
        await page.locator('.results .result').first().waitFor();
        await page.keyboard.press('Enter');
        await page.waitForSelector('.VPLocalSearchBox', { state: 'detached' });
        await page.locator('main').getByText(words).first().waitFor();
      }
      expect(complaints).toEqual([]);
    },
    60_000,
  );
});
