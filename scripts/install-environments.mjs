// Installs the frameworks and bundlers that the packed SDK is tested with, unless that was done. They are a project of
// their own, so that they are not installed where only the server runs. The tests that need them run this.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { npm } from './set-up/install-packages.mjs';
import { root } from './set-up/root.mjs';
import { runStep } from './set-up/run-step.mjs';
import { isStamped, stamp } from './set-up/stamp.mjs';

const folder = join(root, 'tests', 'environments');
const lock = createHash('sha256')
  .update(readFileSync(join(folder, 'package-lock.json')))
  .digest('hex');
const path = join(folder, 'node_modules', '.zhongkong-packages');
if (!isStamped(path, lock)) {
  const title = 'installing the frameworks and bundlers that the SDK is tested with, once';
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--prefix', folder];
  await runStep({ title, ...npm(args) });
  stamp(path, lock);
}
