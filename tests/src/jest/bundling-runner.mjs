import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import TestRunner from 'jest-runner';
import { bundleTests } from './bundle-tests.mjs';

const HOUR_MS = 3_600_000;

/** Jest's own runner, after the test files have been bundled. */
export default class BundlingRunner extends TestRunner {
  async runTests(tests, watcher, options) {
    const { rootDir, setupFilesAfterEnv } = tests[0].context.config;
    // Inside the repository, so that packages are found; a folder for each run, since several may run at a time.
    const parent = join(rootDir, 'node_modules', '.cache', 'zhongkong');
    mkdirSync(parent, { recursive: true });
    removeOld(parent);
    const folder = mkdtempSync(join(parent, 'tests-'));
    // The workers, which read it, inherit it.
    process.env.TEST_BUNDLE = folder;
    try {
      await bundleTests([...setupFilesAfterEnv, ...tests.map(({ path }) => path)], folder);
      await super.runTests(tests, watcher, options);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
}

/** What runs that were killed have left. */
function removeOld(parent) {
  for (const name of readdirSync(parent)) {
    const folder = join(parent, name);
    const bornMs = statSync(folder, { throwIfNoEntry: false })?.birthtimeMs ?? Date.now();
    if (Date.now() - bornMs > HOUR_MS) rmSync(folder, { recursive: true, force: true });
  }
}
