import { readFileSync } from 'node:fs';
import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Sandbox } from '@zhongkong/sandbox';
import type { TokenServer } from '@zhongkong/token-server';
import type { Browser, Page } from 'playwright-core';
import { hasBrowser, type OpenPage, openPage, startBrowser } from '../helpers/browser.js';
import { eventually } from '../helpers/eventually.js';
import { API_KEY, APP, startPlatform } from '../helpers/fixtures.js';
import { readToken, reportToken } from '../helpers/http.js';
import { startServer } from '../helpers/test-server.js';

const ADMIN = 'the-key-of-the-operator';
const config = {
  apps: [{ ...APP, name: '商城小程序' }],
  clients: [
    { name: 'order-service', key: API_KEY, apps: ['*'] },
    { name: 'operator', key: ADMIN, apps: ['*'], scopes: ['admin'] },
  ],
  policy: { passiveBurst: 100 },
};
const AXE = readFileSync(new URL('../../../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');
const describeWithBrowser = hasBrowser ? describe : describe.skip;

let browser: Browser;
let platform: Sandbox;
let server: TokenServer;

beforeAll(async () => {
  if (!hasBrowser) return;
  [browser, platform] = await Promise.all([startBrowser(), startPlatform()]);
  server = await startServer({ platform: platform.url, config });
  await readToken(server.url);
});

async function signIn(page: Page, key = ADMIN): Promise<void> {
  await page.goto(`${server.url}/console`);
  await page.fill('#key', key);
  await page.click('button[type=submit]');
}

/** Signed in, in English unless another locale is given; every answer of the server is kept. */
async function openConsole(
  options: Parameters<typeof openPage>[1] = {},
): Promise<OpenPage & { answers: string[] }> {
  const opened = await openPage(browser, {
    locale: 'en-GB',
    viewport: { width: 1280, height: 800 },
    ...options,
  });
  const answers: string[] = [];
  opened.page.on('response', (response) => {
    const isStream = response.url().endsWith('/console/live');
    if (!isStream)
      void response.text().then(
        (body) => answers.push(body),
        () => {},
      );
  });
  await signIn(opened.page);
  await opened.page.waitForSelector('.bar');
  return { ...opened, answers };
}

const openApp = (page: Page) => page.click(`a[href="#/apps/${APP.appId}"]`);

async function seriousFaults(page: Page): Promise<string[]> {
  // By the protocol of the debugger, which the security policy of the page does not bind.
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() =>
    (globalThis as unknown as { axe: { run(): Promise<{ violations: Violation[] }> } }).axe.run(),
  );
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' ')}`);
}

interface Violation {
  readonly id: string;
  readonly impact: string;
  readonly nodes: readonly { readonly html: string }[];
}

describeWithBrowser('signing in at the console', () => {
  it('refuses a wrong key and a key without the scope admin, and says why', async () => {
    const { page } = await openPage(browser, { locale: 'en-GB' });
    await signIn(page, 'a-key-that-nobody-has');
    expect(await page.textContent('[role=alert]')).toContain('does not know this key');
    await page.fill('#key', API_KEY);
    await page.click('button[type=submit]');
    await page.waitForSelector('text=lacks the scope admin');
  });

  it('lasts over a reload, and ends everywhere with signing out', async () => {
    const { page } = await openConsole();
    await page.reload();
    await page.waitForSelector('.row');
    const [cookie] = await page.context().cookies();
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict' });
    await page.click('text=Sign out');
    await page.waitForSelector('text=You are signed out.');
    const again = await fetch(`${server.url}/v1/apps`, {
      headers: { cookie: `${cookie?.name}=${cookie?.value}`, 'x-zhongkong-console': '1' },
    });
    expect(again.status).toBe(401);
  });

  it('gives no right to requests that another site could send, and none to see a token', async () => {
    const { page } = await openConsole();
    const [cookie] = await page.context().cookies();
    const ask = (path: string, headers: Record<string, string> = {}, init: RequestInit = {}) =>
      fetch(`${server.url}${path}`, {
        ...init,
        headers: { cookie: `${cookie?.name}=${cookie?.value}`, ...headers },
      });
    const own = { 'x-zhongkong-console': '1' };
    expect((await ask('/v1/apps')).status).toBe(401);
    expect((await ask('/v1/apps', own)).status).toBe(200);
    expect((await ask('/console/session', {}, { method: 'DELETE' })).status).toBe(403);
    expect((await ask(`/v1/apps/${APP.appId}/access-token`, own)).status).toBe(403);
    expect((await ask('/v1/events', own)).status).toBe(403);
    const rotated = await ask(
      `/v1/apps/${APP.appId}/access-token/rotate`,
      { ...own, 'content-type': 'application/json' },
      { method: 'POST', body: '{}' },
    );
    expect([rotated.status, await rotated.json()]).toEqual([
      200,
      expect.not.objectContaining({ accessToken: expect.anything() }),
    ]);
    const root = await fetch(server.url, { headers: { accept: 'text/html' }, redirect: 'manual' });
    expect([root.status, root.headers.get('location')]).toEqual([302, 'console']);
    const response = await fetch(`${server.url}/console`);
    expect(response.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
  });
});

describeWithBrowser('the console', () => {
  let opened: Awaited<ReturnType<typeof openConsole>>;
  beforeEach(async () => {
    opened = await openConsole();
  });

  it('shows a rotation, a report and a fault as they happen, and no token or secret reaches it', async () => {
    const { page, complaints, answers } = opened;
    await page.waitForSelector('.live.is-live');
    const row = page.locator('.row').filter({ hasText: '商城小程序' });
    const { version, accessToken } = await readToken(server.url);
    await row.locator(`b:text-is("${version}")`).waitFor();
    platform.control.revoke({ appId: APP.appId });
    const healed = await reportToken(server.url, { staleVersion: version });
    await row.locator(`b:text-is("${healed.version}")`).waitFor();

    await openApp(page);
    await page.waitForSelector('.timeline');
    await page.click('text=5 minutes');
    await page.waitForSelector('.timeline .mark.is-passive');
    await page.waitForSelector('.timeline .report');
    await page.locator('td:text-is("order-service")').first().waitFor();
    platform.control.addFault({
      kind: 'errcode',
      errcode: 45009,
      appId: APP.appId,
      path: '/cgi-bin/stable_token',
    });
    platform.control.revoke({ appId: APP.appId });
    await reportToken(server.url, { staleVersion: healed.version }).catch(() => {});
    await page.waitForSelector('.timeline .mark.is-fault');
    await page.waitForSelector('.notice.is-bad:has-text("45009")');
    expect(complaints).toEqual([]);
    const all = answers.join('\n');
    expect(all.length).toBeGreaterThan(5_000);
    for (const secret of [accessToken, healed.accessToken, APP.secret, API_KEY, ADMIN])
      expect(all).not.toContain(secret);
    platform.control.clearFaults();
  });

  it('refreshes on demand, after it has said what that costs', async () => {
    const { page } = opened;
    const { version } = await readToken(server.url);
    await openApp(page);
    await page.click('text=Force …');
    await page.waitForSelector('dialog >> text=forced refreshes of the day');
    await page.click('dialog >> button:has-text("Force")');
    await page.waitForSelector('.outcome:has-text("There is a new token")');
    expect((await readToken(server.url)).version).toBeGreaterThan(version);
  });

  it('creates a client, shows its key once, and revokes it, which the API then refuses', async () => {
    const { page } = opened;
    await page.click('text=Clients');
    await page.click('text=Create …');
    await page.fill('#name', 'night-batch');
    await page.click('dialog >> button:has-text("Create")');
    const key = (await page.textContent('.notice.is-good pre')) ?? '';
    expect(key).toMatch(/^zk_[\w-]{37}$/);
    const statusOf = async () =>
      (
        await fetch(`${server.url}/v1/apps/${APP.appId}/access-token`, {
          headers: { authorization: `Bearer ${key}` },
        })
      ).status;
    expect(await statusOf()).toBe(200);
    await page.click('text=I have it');
    expect(await page.content()).not.toContain(key);
    const row = page.locator('tr').filter({ hasText: 'night-batch' });
    await row.locator('text=Revoke …').click();
    await page.click('dialog >> button:has-text("Revoke")');
    await eventually('the key is refused', async () => (await statusOf()) === 401);
    await page.click('text=System');
    await page.waitForSelector('td:has-text("key.revoke")');
  });

  it('speaks Chinese to a Chinese browser, and either language by a switch', async () => {
    const { page } = await openConsole({ locale: 'zh-CN' });
    await page.waitForSelector('h1:has-text("应用")');
    expect(await page.getAttribute('html', 'lang')).toBe('zh-CN');
    await page.click('text=English');
    await page.waitForSelector('h1:has-text("Apps")');
    await page.reload();
    await page.waitForSelector('h1:has-text("Apps")');
  });

  it('says when the connection is lost, and catches up when it is back', async () => {
    const { page } = opened;
    await page.waitForSelector('.live.is-live');
    await page.context().setOffline(true);
    await page.waitForSelector('.live.is-lost');
    const { version } = await readToken(server.url);
    platform.control.revoke({ appId: APP.appId });
    const healed = await reportToken(server.url, { staleVersion: version });
    await page.context().setOffline(false);
    await page.waitForSelector('.live.is-live');
    await page
      .locator('.row')
      .filter({ hasText: '商城小程序' })
      .locator(`b:text-is("${healed.version}")`)
      .waitFor();
  });

  it.each(['light', 'dark'] as const)(
    'has no serious fault for screen readers and keyboards, view by view (%s)',
    async (colorScheme) => {
      const { page } = await openConsole({ colorScheme });
      await page.waitForSelector('.row');
      const found: Record<string, string[]> = { overview: await seriousFaults(page) };
      await openApp(page);
      await page.waitForSelector('.timeline');
      found.app = await seriousFaults(page);
      await page.click('text=Force …');
      found.dialog = await seriousFaults(page);
      await page.keyboard.press('Escape');
      await page.click('text=Clients');
      await page.waitForSelector('td');
      found.clients = await seriousFaults(page);
      await page.click('text=System');
      await page.waitForSelector('#servers');
      found.system = await seriousFaults(page);
      expect(found).toEqual({ overview: [], app: [], dialog: [], clients: [], system: [] });
    },
  );

  it('can be used by the keyboard alone', async () => {
    const { page } = opened;
    await page.waitForSelector('.row');
    await page.focus('.rows');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.timeline');
  });
});
