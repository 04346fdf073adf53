import { accessSync } from 'node:fs';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { cleanUp } from './clean-up.js';

const PAGE_TIMEOUT_MS = 15_000;
/** Debian's; `npm test` installs it where it is missing. */
const CHROMIUM = '/usr/bin/chromium';

export const hasBrowser = (() => {
  try {
    accessSync(CHROMIUM);
    return true;
  } catch {
    return false;
  }
})();

/** A real headless Chromium, which asks nobody but the servers of the test; gone after the file. */
export async function startBrowser(): Promise<Browser> {
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  cleanUp(() => browser.close());
  return browser;
}

export interface OpenPage {
  readonly page: Page;
  /** What the page complained of: errors, faults of the security policy, failed loads. */
  readonly complaints: string[];
}

/** A page of its own, with no cookie of another. */
export async function openPage(browser: Browser, options: BrowserContextOptions = {}): Promise<OpenPage> {
  const context = await browser.newContext(options);
  cleanUp(() => context.close());
  const page = await context.newPage();
  // Less than a test has, so that what is missing is named.
  page.setDefaultTimeout(PAGE_TIMEOUT_MS);
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  return { page, complaints };
}
