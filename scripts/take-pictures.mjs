// `npm run pictures`: a server with something to see, and a picture of each view of its console in docs/pictures.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';

import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startSandbox } from '@zhongkong/sandbox';
import { chromium } from 'playwright-core';
import { root } from './set-up/root.mjs';

const ADMIN = 'the-key-of-the-operator-of-the-pictures';
const SERVICES = ['order-service', 'message-service', 'night-batch'];
const APPS = [
  ['wx5d0c1e7f2b9a4831', '商城小程序', 'stable'],
  ['wx8a41c09be27d6f35', '会员服务号', 'classic'],
  ['wx1f7be83c560d2a94', '门店预约', 'stable'],
  ['wxc62e0d95a8b1f743', '售后客服', 'stable'],
  ['wx94b7a1e05fc83d26', '企业官网', 'classic'],
];
const LIVES = [
  ['light', 'en', { colorScheme: 'light', locale: 'en-GB' }],
  ['dark', 'en', { colorScheme: 'dark', locale: 'en-GB' }],
  ['light', 'zh', { colorScheme: 'light', locale: 'zh-CN' }],
];
const WIDE = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 844 };
const SECONDS = 70;

const folder = mkdtempSync(join(tmpdir(), 'zhongkong-pictures-'));
const pictures = join(root, 'docs', 'pictures');
mkdirSync(pictures, { recursive: true });
const secretOf = (appId) => `secret-of-${appId}`;
const sandbox = await startSandbox({
  apps: APPS.map(([appId]) => ({ appId, secret: secretOf(appId) })),
  lifetimes: { tokenSeconds: 40, overlapSeconds: 5 },
});
const apps = APPS.map(([appId, name, mode], index) => ({
  appId,
  name,
  mode,
  secret: index === 3 ? 'a-wrong-secret' : secretOf(appId),
}));
const clients = [
  { name: 'operator', key: ADMIN, apps: ['*'], scopes: ['admin', 'token:read'] },
  ...SERVICES.map((name) => ({ name, key: `key-of-${name}-for-pictures`, apps: ['*'] })),
];
writeFileSync(join(folder, 'zhongkong.config.json'), JSON.stringify({ apps, clients }), { mode: 0o600 });
const server = spawn(process.execPath, [join(root, 'token-server', 'bin', 'zhongkong.js'), 'serve'], {
  cwd: folder,
  env: {
    PATH: process.env.PATH,
    PORT: '0',
    DATA_DIR: join(folder, 'data'),
    LOG_LEVEL: 'warn',
    WECHAT_API_BASE_URL: sandbox.url,
    ZHONGKONG_READY_FD: '3',
  },
  stdio: ['ignore', 'inherit', 'inherit', 'pipe'],
});
const [line] = await once(server.stdio[3], 'data');
const { url } = JSON.parse(String(line));
try {
  await live();
  await takeAll();
} finally {
  server.kill('SIGTERM');
  await once(server, 'close');
  await sandbox.stop();
  rmSync(folder, { recursive: true, force: true });
}

async function call(method, path, body, key = ADMIN) {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
  return response.status === 204 ? undefined : response.json();
}

/** Tokens that are replaced, reported and refused, so that there is something to see. */
async function live() {
  process.stdout.write(`a server lives for ${SECONDS} seconds, then it is looked at\n`);
  await call('POST', '/v1/clients', { name: 'report-service', apps: ['*'] });
  for (let second = 0; second < SECONDS; second += 1) {
    await sleep(1_000);
    const [appId, , mode] = APPS[second % 3];
    if (second % 9 !== 4) continue;
    const { version } = await call('GET', `/v1/apps/${appId}/access-token`);
    if (second === 31)
      sandbox.control.addFault({
        kind: 'errcode',
        errcode: -1,
        appId,
        path: mode === 'classic' ? '/cgi-bin/token' : '/cgi-bin/stable_token',
      });
    sandbox.control.revoke({ appId });
    const service = SERVICES[second % SERVICES.length];
    await call(
      'POST',
      `/v1/apps/${appId}/access-token/refresh`,
      { staleVersion: version, errcode: 40001 },
      `key-of-${service}-for-pictures`,
    );
  }
  sandbox.control.setLifetimes({ tokenSeconds: 7_200 });
  for (const [appId] of APPS.slice(0, 3)) await call('POST', `/v1/apps/${appId}/access-token/rotate`, {});
  await sleep(1_000);
}

async function takeAll() {
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
  });
  for (const [colour, language, options] of LIVES)
    await takeViews(browser, `${colour}-${language}`, WIDE, options);
  await takeViews(browser, 'phone-zh', PHONE, { colorScheme: 'light', locale: 'zh-CN' });
  await browser.close();
}

async function takeViews(browser, name, viewport, options) {
  const context = await browser.newContext({ viewport, ...options });
  const page = await context.newPage();
  const take = (view) => page.screenshot({ path: join(pictures, `console-${view}-${name}.png`) });
  await page.goto(`${url}/console`);
  await page.waitForSelector('#key');
  await take('sign-in');
  await page.fill('#key', ADMIN);
  await page.click('button[type=submit]');
  await page.waitForSelector('.live.is-live');
  await page.waitForSelector('.row');
  await sleep(1_500);
  await take('apps');
  await page.click(`a[href="#/apps/${APPS[1][0]}"]`);
  await page.waitForSelector('.timeline .mark');
  await page.locator('.timeline .chip').last().click();
  await sleep(500);
  await take('app');
  await page.click('a[href="#/clients"]');
  await page.waitForSelector('td');
  await sleep(500);
  await take('clients');
  await page.click('a[href="#/system"]');
  await page.waitForSelector('#doctor');
  await page.click('#doctor + button, section[aria-labelledby=doctor] button');
  await page.waitForSelector('.findings li, .notice.is-good');
  await take('system');
  await context.close();
  process.stdout.write(`${name}: five pictures\n`);
}
