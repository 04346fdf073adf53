import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { npm } from './install-packages.mjs';
import { root } from './root.mjs';
import { runStep } from './run-step.mjs';
import { SetUpError } from './set-up-error.mjs';
import { isStamped, stamp } from './stamp.mjs';

/**
 * Installs the frameworks and bundlers that the packed SDK is tested with, unless that was done. They are a project of
 * their own, so that they are not installed where only the server runs. Without them only those tests fail.
 */
export async function installEnvironments() {
  const folder = join(root, 'tests', 'environments');
  const lock = createHash('sha256')
    .update(readFileSync(join(folder, 'package-lock.json')))
    .digest('hex');
  const path = join(folder, 'node_modules', '.zhongkong-packages');
  if (isStamped(path, lock)) return;
  try {
    const title = 'installing the frameworks and bundlers that the SDK is tested with, once';
    const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--prefix', folder];
    await runStep({ title, ...npm(args) });
    stamp(path, lock);
  } catch (error) {
    if (!(error instanceof SetUpError)) throw error;
    process.stderr.write(`zhongkong: ${error.message}\n`);
  }
}
