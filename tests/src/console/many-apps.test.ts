import { readdirSync, readFileSync } from 'node:fs';
import { brotliCompressSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { hasBrowser, openPage, startBrowser } from '../helpers/browser.js';
import { startPlatform } from '../helpers/fixtures.js';
import { startServer } from '../helpers/test-server.js';

const ADMIN = 'the-key-of-the-operator';
const APPS = 10_000;
/** A server that has just started has not compiled its own code yet. */
const WARM_ROUNDS = 2;
const PAGE_FILES = new URL('../../../token-server/dist/console-page/', import.meta.url);
const KIB = 1_024;
const itInBrowser = hasBrowser ? it : it.skip;

/** So that the server has loaded all of them before it is looked at. */
async function readAll(url: string): Promise<void> {
  let after: string | null = '';
  while (after !== null) {
    const answer: Response = await fetch(`${url}/v1/apps?limit=1000&after=${after}`, {
      headers: { authorization: `Bearer ${ADMIN}` },
    });
    after = ((await answer.json()) as { next: string | null }).next;
  }
}

describe('the console of an installation with 10,000 apps', () => {
  itInBrowser(
    'lists, searches and scrolls through them, and draws no more than can be seen',
    async () => {
      const platform = await startPlatform();
      const apps = Array.from({ length: APPS }, (_, index) => ({
        appId: `wx${String(index).padStart(16, '0')}`,
        mode: 'external',
        name: `shop ${index}`,
      }));
      const clients = [{ name: 'operator', key: ADMIN, apps: ['*'], scopes: ['admin'] }];
      const { url } = await startServer({ platform: platform.url, config: { apps, clients } });
      for (let round = 0; round < WARM_ROUNDS; round += 1) await readAll(url);
      const { page, complaints } = await openPage(await startBrowser(), { locale: 'en-GB' });
      await page.goto(`${url}/console`);
      const firstViewMs = await page.evaluate('performance.now()');
      await page.fill('#key', ADMIN);
      const startedAt = performance.now();
      await page.click('button[type=submit]');
      await page.waitForSelector(`text=${APPS} of ${APPS} apps`);
      const listedMs = performance.now() - startedAt;
      await page.locator('.rows').evaluate((rows) => {
        (rows as unknown as { scrollTop: number }).scrollTop = 400_000;
      });
      await page.waitForSelector('text=shop 5890');
      expect(await page.locator('.row').count()).toBeLessThan(60);
      await page.fill('input[type=search]', 'shop 9999');
      await page.waitForSelector(`text=1 of ${APPS} apps`);
      // Frames that are drawn while the list is dragged from top to bottom.
      await page.fill('input[type=search]', '');
      const frames = (await page.evaluate(`(async () => {
        const rows = document.querySelector('.rows');
        const times = [];
        for (let step = 0; step < 60; step += 1) {
          rows.scrollTop = step * 11_000;
          const before = performance.now();
          await new Promise(requestAnimationFrame);
          times.push(performance.now() - before);
        }
        return times.sort((a, b) => a - b);
      })()`)) as number[];
      console.info(
        `first view ${Math.round(Number(firstViewMs))} ms, ${APPS} apps listed in ${Math.round(listedMs)} ms, a frame ${Math.round(frames[30] ?? 0)} ms, the slowest ${Math.round(frames[59] ?? 0)} ms`,
      );
      expect(complaints).toEqual([]);
    },
    120_000,
  );

  it('is less than 150 KiB compressed', () => {
    const files = readdirSync(PAGE_FILES, { recursive: true, encoding: 'utf8' }).filter((name) =>
      /\.\w+$/.test(name),
    );
    expect(files.length).toBeGreaterThan(2);
    const bytes = files.reduce(
      (sum, name) => sum + brotliCompressSync(readFileSync(new URL(name, PAGE_FILES))).length,
      0,
    );
    console.info(`${(bytes / KIB).toFixed(1)} KiB with brotli`);
    expect(bytes).toBeLessThan(150 * KIB);
  });
});
