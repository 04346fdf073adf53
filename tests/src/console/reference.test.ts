import { describe, expect, it } from '@jest/globals';
import { hasBrowser, openPage, startBrowser } from '../helpers/browser.js';
import { API_KEY, startPlatform } from '../helpers/fixtures.js';
import { startServer } from '../helpers/test-server.js';

const itInBrowser = hasBrowser ? it : it.skip;

describe('/docs in a browser', () => {
  itInBrowser(
    'asks for a key, speaks Chinese to a Chinese browser, names its own address, and copies',
    async () => {
      const platform = await startPlatform();
      const { url } = await startServer({ platform: platform.url });
      const phone = { width: 390, height: 844 };
      const { page, complaints } = await openPage(await startBrowser(), { locale: 'zh-CN', viewport: phone });
      await page.goto(`${url}/docs`);
      await page.fill('#key', API_KEY);
      await page.click('button');
      await page.waitForSelector('h3:has-text("当前的 access_token")');
      const example = page.locator('#getAccessToken pre');
      expect(await example.textContent()).toContain(`${url}/v1/apps/`);
      await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
      await example.locator('.copy').click();
      await example.locator('.copy:has-text("已复制")').waitFor();
      expect(await page.evaluate('navigator.clipboard.readText()')).toContain(`'${url}/v1/apps/`);
      // On a phone nothing is wider than the screen.
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(phone.width);
      // The page asks for a key with 401, which browsers note as a failed load.
      expect(complaints.filter((text) => !text.includes('401'))).toEqual([]);
    },
  );

  it('has a page for the type of each problem', async () => {
    const platform = await startPlatform();
    const { url } = await startServer({ platform: platform.url });
    const { type, code } = (await (await fetch(`${url}/v1/apps`)).json()) as Record<string, string>;
    const page = await fetch(new URL(type ?? '', url), { headers: { 'accept-language': 'zh' } });
    expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('需要有效的客户端密钥')]);
    expect(code).toBe('unauthorized');
  });
});
